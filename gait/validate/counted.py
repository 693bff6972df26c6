"""`truth.toml`: what somebody counted in real clips by eye."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Literal

from gait.errors import ConfigError
from gait.model import SIDES, Side, View


@dataclass(frozen=True, slots=True)
class CountedCadence:
    """Steps per minute, +- the reader's range, in real time or in the file's own."""

    count: float
    error: float
    time: Literal["real", "file"] = "real"


@dataclass(frozen=True, slots=True)
class CountedClip:
    """One clip: what it is, what is known beforehand, and what was counted. None: not counted.

    `keypoints` (with `fps`) is a file of keypoints that is analysed in place of the video. `real_time_known` False:
    the capture rate isn't known to the program, so whatever is in seconds has to be withheld.
    """

    file: str
    name: str = ""
    view: View | None = None
    is_running: bool | None = None
    cadence_spm: CountedCadence | None = None
    contact_frames: dict[Side, tuple[float, ...]] = field(default_factory=dict)
    contact_error_frames: float = 1.0
    feet_hidden: bool = False
    real_time_known: bool = True
    capture_fps: float | None = None
    height_cm: float | None = None
    speed_kmh: float | None = None
    keypoints: str | None = None
    fps: float | None = None
    notes: str = ""


def read_truth(path: Path) -> list[CountedClip]:
    """The clips of a truth file.

    Raises
    ------
    ConfigError
        The file isn't there, is no TOML, or holds what isn't part of the format.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{path} can't be read ({error.strerror}); docs/validation.md says what it holds.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} is not a TOML file: {error}.") from error
    entries = table.get("clip", [])
    if not entries or not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise ConfigError(f"{path} lists no clip; write one [[clip]] for each.")
    return [_clip(entry, path) for entry in entries]


def _clip(entry: dict[str, Any], path: Path) -> CountedClip:
    """One entry, its words checked."""
    where = f"{path}, clip {entry.get('name') or entry.get('file') or '?'}"
    known = {one.name for one in fields(CountedClip)} - {"contact_error_frames"}
    unknown = sorted(set(entry) - known)
    if unknown or "file" not in entry:
        raise ConfigError(f"{where}: {'unknown ' + ', '.join(unknown) if unknown else 'no file named'}.")
    values = dict(entry)
    if values.get("view") not in (None, "left", "right", "rear", "front", "oblique"):
        raise ConfigError(f"{where}: view can't be {values['view']!r}.")
    if "cadence_spm" in values:
        values["cadence_spm"] = _cadence(values["cadence_spm"], where)
    if "contact_frames" in values:
        values |= _contacts(values["contact_frames"], where)
    if "fps" in values and "keypoints" not in values:
        raise ConfigError(f"{where}: fps is the rate of keypoints; a video has its own.")
    _check_types(values, where)
    return CountedClip(**values)


def _check_types(values: dict[str, Any], where: str) -> None:
    """Refuse words where numbers belong, and the reverse."""
    for name in ("capture_fps", "height_cm", "speed_kmh", "fps"):
        if not isinstance(values.get(name, 1), int | float):
            raise ConfigError(f"{where}: {name} must be a number.")
    for name in ("file", "name", "keypoints", "notes"):
        if not isinstance(values.get(name, ""), str):
            raise ConfigError(f"{where}: {name} must be a text in quotes.")


def _cadence(value: Any, where: str) -> CountedCadence:
    """The counted cadence."""
    try:
        cadence = CountedCadence(**value)
    except TypeError:
        raise ConfigError(f"{where}: write cadence_spm = {{ count = 168.4, error = 0.6 }}.") from None
    if not all(isinstance(number, int | float) for number in (cadence.count, cadence.error)):
        raise ConfigError(f"{where}: count and error of cadence_spm must be numbers.")
    if cadence.time not in ("real", "file"):
        raise ConfigError(f"{where}: the time of cadence_spm is real or file.")
    return cadence


def _contacts(value: Any, where: str) -> dict[str, Any]:
    """The counted contacts of each leg, in frames from 0, and how well they were seen."""
    if not isinstance(value, dict) or not set(value) <= {*SIDES, "error"}:
        raise ConfigError(f"{where}: write contact_frames = {{ left = [16.5, 38], right = [27, 49], error = 1 }}.")
    try:
        frames = {side: tuple(float(frame) for frame in value[side]) for side in SIDES if side in value}
        return {"contact_frames": frames, "contact_error_frames": float(value.get("error", 1.0))}
    except (TypeError, ValueError):
        raise ConfigError(f"{where}: contact_frames must be numbers.") from None
