"""The evidence table."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from gait.model import PoseAccuracy

TABLE = Path(__file__).with_name("evidence.toml")


@dataclass(frozen=True, slots=True)
class Reference:
    """How runners on a treadmill run: mean, and SD between them (None where nobody told it), by speed."""

    metric: str
    id: str
    speed_mps: tuple[float, ...]
    mean: tuple[float, ...]
    sd: tuple[float, ...] | None
    n: int
    reference: str
    status: str
    sd_note: str = ""  # of whom the SD is, where not of the same
    from_standing: bool = False  # the angle over its value in standing

    def at(self, speed_mps: float) -> tuple[float, float | None]:
        """Mean and SD at a speed, between the speeds by straight lines."""
        mean = self._between(self.mean, speed_mps)
        return mean, None if self.sd is None else self._between(self.sd, speed_mps)

    def _between(self, values: tuple[float, ...], speed_mps: float) -> float:
        return values[0] if len(values) == 1 else float(np.interp(speed_mps, self.speed_mps, values))


@dataclass(frozen=True, slots=True)
class Classes:
    """What a value is called: `names` of what lies below, between and above `limits`."""

    metric: str
    id: str
    limits: tuple[float, ...]
    names: tuple[str, ...]
    reference: str
    status: str


@dataclass(frozen=True, slots=True)
class Fatigue:
    """What studies found in some metrics when runners tired, in words."""

    metrics: tuple[str, ...]
    text: str
    references: tuple[str, ...]
    status: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """By metric: the widest half-width worth showing, and why; the pose model's error; a sentence with its source.

    `references` say how others run at a speed, `classes` what a value is called, `fatigue` what changed in
    runners who tired.
    """

    largest_useful: Mapping[str, float]
    why: Mapping[str, str]
    pose_error: Mapping[str, PoseAccuracy]
    orientation: Mapping[str, tuple[str, str]]
    references: Mapping[str, Reference]
    classes: Mapping[str, Classes]
    fatigue: tuple[Fatigue, ...]


@cache
def load_evidence() -> Evidence:
    """The table that comes with the program."""
    table = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    return Evidence(
        largest_useful={entry["name"]: float(entry["largest_useful"]) for entry in table["metric"]},
        why={entry["name"]: f"{entry['why']} ({entry['reference']})" for entry in table["metric"]},
        pose_error={
            entry["metric"]: PoseAccuracy(float(entry["half_width"]), f"{entry['why']} ({entry['reference']})")
            for entry in table["pose_error"]
        },
        orientation={entry["metric"]: (entry["text"], entry["reference"]) for entry in table["value"]},
        references={entry["metric"]: _reference(entry) for entry in table["reference"]},
        classes={
            entry["metric"]: Classes(**{key: _frozen(value) for key, value in entry.items()})
            for entry in table["classes"]
        },
        fatigue=tuple(Fatigue(**{key: _frozen(value) for key, value in entry.items()}) for entry in table["fatigue"]),
    )


def _reference(entry: Mapping[str, Any]) -> Reference:
    return Reference(**{"sd": None, **{key: _frozen(value) for key, value in entry.items()}})


def _frozen(value: Any) -> Any:
    """A list as a tuple."""
    return tuple(value) if isinstance(value, list) else value
