"""What a suite of accuracy cases is, and which ones there are."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol, TypeVar

from gait.errors import ConfigError
from gait.validate.rows import Row
from gait.validate.seeds import Seeds, seed_of

SUITE_NAMES = (
    "events",
    "angles",
    "frontal",
    "scene",
    "identity",
    "believable",
    "drift",
    "run",
    "series",
    "forceplate",
    "time",
    "real",
    "video",
    "sideview",
    "rearview",
    "people",
    "tiring",
)


@dataclass(frozen=True, slots=True)
class Case:
    """One clip or simulation that is analysed and compared with its truth.

    `name` is unique within the suite, and safe as part of a file name. `run` can be pickled (a `functools.partial` of a
    function of a module), is deterministic, and runs by itself in a worker process. `files` are what it reads: where
    one of them changes, the case runs again.
    """

    name: str
    condition: str
    run: Callable[[], list[Row]]
    files: tuple[Path, ...] = ()


def always_there() -> str:
    """Of suites that need nothing from outside of the project."""
    return ""


@dataclass(frozen=True, slots=True)
class Suite:
    """A family of cases that answer one question about accuracy.

    `shows` says what the figures mean and `shows_not` what they don't; both stand in docs/accuracy.md. `missing()` says
    what isn't there (a folder of recordings) where the suite can't run, and is empty otherwise.
    """

    name: str
    title: str
    shows: str
    cases: Callable[[Seeds], list[Case]]
    shows_not: str = ""
    missing: Callable[[], str] = always_there


class Named(Protocol):
    """A setting of a suite's cases; its name is their condition."""

    @property
    def name(self) -> str:
        """What stands in the tables."""
        ...


Setting = TypeVar("Setting", bound=Named)


def crossed(
    settings: Sequence[Setting], n_runners: int, seeds: Seeds, measure: Callable[[Setting, int, str], list[Row]]
) -> list[Case]:
    """Every setting with the same runners, so that the conditions compare; `measure(setting, seed, case)` runs one."""
    cases = []
    for i, setting in enumerate(settings):
        for number in range(n_runners):
            name = f"{i:02d}-{number:03d}"
            cases.append(Case(name, setting.name, partial(measure, setting, seed_of(seeds, number), name)))
    return cases


def load_suite(name: str) -> Suite:
    """A suite by its name.

    Raises
    ------
    ConfigError
        There is no such suite.
    """
    if name not in SUITE_NAMES:
        raise ConfigError(f"There is no suite {name}; there are {', '.join(SUITE_NAMES)}.")
    suite: Suite = importlib.import_module(f"gait.validate.suites.{name}").SUITE
    return suite
