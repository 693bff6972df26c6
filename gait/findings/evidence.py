"""The evidence table."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from gait.model import PoseAccuracy

TABLE = Path(__file__).with_name("evidence.toml")


@dataclass(frozen=True, slots=True)
class Evidence:
    """By metric: the widest half-width worth showing, and why; the pose model's error; a sentence with its source."""

    largest_useful: Mapping[str, float]
    why: Mapping[str, str]
    pose_error: Mapping[str, PoseAccuracy]
    orientation: Mapping[str, tuple[str, str]]


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
    )
