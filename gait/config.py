"""All settings: one frozen dataclass per room, loaded from and saved as TOML."""

from __future__ import annotations

import difflib
import math
import tomllib
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from gait.calibration import Known
from gait.clean import Repair
from gait.cycle import Folding
from gait.errors import ConfigError
from gait.events import EventRules
from gait.fatigue import FatigueRules
from gait.metrics import MetricRules
from gait.pose import MediaPipe, WhichRunner
from gait.scene import LegRules, SceneRules


@dataclass(frozen=True, slots=True)
class Output:
    """What is written: the annotated video, and whether faces are left as they are."""

    video: bool = True
    show_face: bool = False


@dataclass(frozen=True, slots=True)
class Config:
    """The settings of every room, by the room's name."""

    pose: MediaPipe = field(default_factory=MediaPipe)
    runner: WhichRunner = field(default_factory=WhichRunner)
    scene: SceneRules = field(default_factory=SceneRules)
    legs: LegRules = field(default_factory=LegRules)
    cycle: Folding = field(default_factory=Folding)
    clean: Repair = field(default_factory=Repair)
    events: EventRules = field(default_factory=EventRules)
    calibration: Known = field(default_factory=Known)
    metrics: MetricRules = field(default_factory=MetricRules)
    fatigue: FatigueRules = field(default_factory=FatigueRules)
    output: Output = field(default_factory=Output)

    def with_values(self, values: Mapping[str, Any], *, source: str) -> Config:
        """The same with some settings changed: `{room: {key: value}}`.

        Raises
        ------
        ConfigError
            A room or key is unknown, or a value has the wrong type; all faults are told at once.
        """
        faults: list[str] = []
        changed = {}
        for room, settings in values.items():
            if room not in _names(self):
                faults.append(_unknown(f"room '{room}'", room, _names(self)))
            elif not isinstance(settings, Mapping):
                faults.append(f"'{room}' must be a table of settings")
            else:
                section = getattr(self, room)
                checked, wrong = _checked(section, settings, room)
                faults += wrong
                changed[room] = replace(section, **checked)
        if faults:
            raise ConfigError(f"{source}: {'; '.join(faults)}.")
        return replace(self, **changed)

    def as_dict(self) -> dict[str, dict[str, Any]]:
        """Plain settings by room, for provenance and for saving."""
        return {room: _settable(getattr(self, room)) for room in _names(self)}


def load_config(path: Path) -> Config:
    """Settings from a TOML file; what it doesn't name keeps its default."""
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{path} can't be read ({error.strerror}); check the path after --config.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} is not a TOML file: {error}.") from error
    return Config().with_values(values, source=str(path))


def save_config(config: Config, path: Path) -> None:
    """Write all settings as a TOML file that `load_config` reads."""
    lines = []
    for room, settings in config.as_dict().items():
        lines.append(f"[{room}]")
        lines += [f"{key} = {_toml(value)}" for key, value in settings.items() if value is not None]
        lines.append("")
    path.write_text("\n".join(lines), encoding="utf-8", newline="\n")


def parse_assignment(text: str) -> dict[str, dict[str, Any]]:
    """`room.key=value` of the command line as `{room: {key: value}}`; the value is read as TOML, else as a word."""
    name, equals, value = text.partition("=")
    room, dot, key = name.strip().partition(".")
    if not (equals and dot and room and key):
        raise ConfigError(f"--set {text}: write room.key=value, for instance --set clean.max_gap_s=0.2.")
    try:
        parsed = tomllib.loads(f"value = {value.strip()}")["value"]
    except tomllib.TOMLDecodeError:
        parsed = value.strip()
    return {room: {key: parsed}}


def _names(section: Any) -> list[str]:
    """Names of the fields that can be set."""
    return [f.name for f in fields(section) if f.init]


def _settable(section: Any) -> dict[str, Any]:
    """The settings of one room by name."""
    return {name: getattr(section, name) for name in _names(section)}


def _unknown(what: str, name: str, known: list[str]) -> str:
    """A sentence about an unknown name, with the nearest known one."""
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    return f"unknown {what}" + (f", did you mean '{near[0]}'?" if near else f" (there are {', '.join(known)})")


def _checked(section: Any, settings: Mapping[str, Any], room: str) -> tuple[dict[str, Any], list[str]]:
    """The settings of one room that fit, and a sentence for each that doesn't."""
    types_by_name = typing.get_type_hints(type(section))
    good, faults = {}, []
    for key, value in settings.items():
        if key not in _names(section):
            faults.append(_unknown(f"setting '{room}.{key}'", key, _names(section)))
        elif not _fits(value, types_by_name[key]):
            faults.append(f"'{room}.{key}' can't be {value!r}; it is {_type_name(types_by_name[key])}")
        else:
            good[key] = value
    return good, faults


def _fits(value: Any, kind: Any) -> bool:
    """Whether a value is of a field's type: bool, int, float, str, a choice of words, or one of those or nothing."""
    if typing.get_origin(kind) is typing.Literal:
        return value in typing.get_args(kind)
    if isinstance(kind, types.UnionType):
        return any(_fits(value, part) for part in typing.get_args(kind))
    if kind is float:
        return _fits(value, int) or (isinstance(value, float) and math.isfinite(value))
    if kind is int:
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, kind) if isinstance(kind, type) else False


def _type_name(kind: Any) -> str:
    """A field's type in words."""
    if typing.get_origin(kind) is typing.Literal:
        return " or ".join(str(word) for word in typing.get_args(kind))
    if isinstance(kind, types.UnionType):
        return " or ".join(_type_name(part) for part in typing.get_args(kind) if part is not type(None))
    return {float: "a number", int: "a whole number", bool: "true or false", str: "text"}.get(kind, str(kind))


def _toml(value: Any) -> str:
    """A plain value as TOML."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return (
        repr(value)
        if isinstance(value, (int, float))
        else '"' + str(value).replace("\\", "\\\\").replace('"', '\\"') + '"'
    )
