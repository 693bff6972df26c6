"""Which clips make a session, and what is said of each: given one by one, or in a session file."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gait.errors import ConfigError, check_ranges

_TIME = re.compile(r"^(?:(?P<value>\d+(?:\.\d+)?)(?P<unit>s|min|h)?|(?P<clock>\d+:[0-5]\d(?::[0-5]\d)?))$")
_SECONDS = {"s": 1.0, "min": 60.0, "h": 3600.0}
KMH = 3.6


@dataclass(frozen=True, slots=True)
class RunClip:
    """A clip of a run: when it began, in seconds since the run's start, and what is known of it; None: not said."""

    path: Path
    run_s: float
    speed_mps: float | None = None
    incline_pct: float | None = None
    shoes: str = ""

    def __post_init__(self) -> None:
        known = {"speed_mps": (0.5, 13), "incline_pct": (-50, 50)}
        check_ranges(
            self,
            run_s=(0, 1e6),
            **{name: span for name, span in known.items() if getattr(self, name) is not None},
        )


def seconds_of(text: str) -> float:
    """`2min`, `90s`, `1h`, `1:30` (minutes and seconds), `1:02:30` or plain seconds as seconds."""
    match = _TIME.match(text.replace(" ", ""))
    if match is None:
        raise ConfigError(f"{text!r} is no time; write 2min, 90s, 1:30 or 1:02:30.")
    if match["clock"]:
        total = 0.0
        for part in match["clock"].split(":"):
            total = 60 * total + float(part)
        return total
    return float(match["value"]) * _SECONDS[match["unit"] or "s"]


def load_session(path: Path) -> tuple[RunClip, ...]:
    """The clips of a session file, whose paths count from the file's folder.

    A table `[[clip]]` for each, with `file`, `at` (when it began, as `seconds_of` reads it), and, where they are known,
    `speed_kmh`, `incline` (in per cent) and `shoes`.

    Raises
    ------
    ConfigError
        The file can't be read, or a table lacks something or holds what nobody knows.
    """
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{path} can't be read ({error.strerror}); check the path.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} is not a TOML file: {error}.") from error
    tables = document.pop("clip", None)
    if document or not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables) or not tables:
        raise ConfigError(f"{path.name}: a session file holds a table [[clip]] for each clip and nothing else.")
    return tuple(_clip(table, i + 1, path) for i, table in enumerate(tables))


_KINDS: Mapping[str, tuple[type, ...]] = {
    "file": (str,),
    "at": (str, int, float),
    "speed_kmh": (int, float),
    "incline": (int, float),
    "shoes": (str,),
}


def _clip(table: Mapping[str, Any], number: int, path: Path) -> RunClip:
    """One clip of a session file."""
    where = f"{path.name}, clip {number}"
    for key, value in table.items():
        if key not in _KINDS:
            near = difflib.get_close_matches(key, _KINDS, n=1, cutoff=0.5)
            hint = f"did you mean '{near[0]}'?" if near else f"there are {', '.join(_KINDS)}."
            raise ConfigError(f"{where}: unknown '{key}', {hint}")
        if not isinstance(value, _KINDS[key]) or isinstance(value, bool):
            raise ConfigError(f"{where}: '{key}' can't be {value!r}.")
    lacking = [key for key in ("file", "at") if key not in table]
    if lacking:
        raise ConfigError(f"{where}: '{lacking[0]}' is missing.")
    speed = table.get("speed_kmh")
    try:
        return RunClip(
            path=path.parent / table["file"],
            run_s=seconds_of(str(table["at"])),
            speed_mps=None if speed is None else speed / KMH,
            incline_pct=table.get("incline"),
            shoes=table.get("shoes", ""),
        )
    except ConfigError as error:
        raise ConfigError(f"{where}: {error}") from error
