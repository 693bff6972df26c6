"""`clip.truth.json`: all that is true of a rendered clip, as `truth.schema.json` describes it."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from gait.errors import OutputError
from gait.model import SIDES, EventKind, FloatArray
from gait.simulate.render.plan import ClipPlan, Person
from gait.simulate.run import Run
from gait.simulate.truth import clip_truth
from gait.simulate.variation import Variation

SCHEMA = Path(__file__).with_name("truth.schema.json")
SCHEMA_VERSION = 1
_DECIMALS = {"m": 4, "px": 2, "s": 6, "": 5}  # a tenth of a millimetre, a hundredth of a pixel, a microsecond


def truth_path(clip: Path) -> Path:
    """Where the truth of a clip lies: beside it."""
    return clip.with_suffix(".truth.json")


def write_truth(plan: ClipPlan, path: Path, *, video: str) -> None:
    """Write what is true of the clip that lies in the file called `video`.

    Raises
    ------
    OutputError
        The file can't be written.
    """
    text = json.dumps(truth_of(plan, video=video), separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    try:
        path.write_text(text + "\n", encoding="utf-8", newline="\n")
    except OSError as error:
        raise OutputError(
            f"The truth of {video} can't be written to {path.parent} ({error.strerror}). Is there space, and may you?"
        ) from error


def truth_of(plan: ClipPlan, *, video: str) -> dict[str, Any]:
    """What is true of a clip, in plain words, numbers and lists."""
    run, time_s = plan.run(), plan.time_s()
    return {
        "schema_version": SCHEMA_VERSION,
        "synthetic": True,
        "name": plan.name,
        "video": video,
        "seed": plan.seed,
        **_picture(plan, run, time_s),
        "camera": asdict(plan.camera)
        | {"focal_px": plan.camera.focal_px, "place_m": _rounded(plan.camera.place_m, "m")},
        "sampling": asdict(plan.sampling),
        "exposure": asdict(plan.exposure),
        "room": asdict(plan.room),
        "person": _person(plan.person),
        "others": [_person(other) for other in plan.others],
        "steps": _steps(run, plan.duration_s),
        "events": _events(run, plan),
        "metrics": _metrics(run, time_s),
        "frames": {"file_time_s": _rounded(plan.file_time_s(), "s"), "time_s": _rounded(time_s, "s")},
        "joints": _joints(plan, run, time_s),
    }


def _picture(plan: ClipPlan, run: Run, time_s: FloatArray) -> dict[str, Any]:
    """What the file is like, and how large the runner is in it."""
    camera, leg_m = plan.camera, run.runner.body.leg_m
    hips = run.figure_at(time_s).points["mid_hip"] + plan.person.offset_m(time_s, plan.duration_s)
    px_per_m = float(np.mean(camera.focal_px_at(time_s) / camera.depth_m(hips)))
    return {
        "view": plan.view,
        "near_side": plan.near_side,
        "direction": plan.direction,
        "width_px": camera.width_px,
        "height_px": camera.height_px,
        "n_frames": len(time_s),
        "fps": float(plan.sampling.mean_fps(plan.file_time_s())),
        "capture_fps": plan.sampling.fps,
        "capture_speed": plan.sampling.capture_speed,
        "duration_s": plan.duration_s,
        "rotation_deg": plan.rotation_deg,
        "crf": plan.crf,
        "leg_length_m": round(leg_m, 4),
        "leg_length_px": round(leg_m * px_per_m, 2),
        "px_per_m": round(px_per_m, 3),
    }


def _person(person: Person) -> dict[str, Any]:
    """Who somebody is."""
    variation = person.variation or Variation()
    return {
        "runner": asdict(person.runner),
        "appearance": asdict(person.appearance),
        "changes": [asdict(change) for change in person.changes],
        "variation": {"sd": dict(variation.sd), "alpha": variation.alpha},
        "seed": person.seed,
        "place_m": list(person.place_m),
        "heading_deg": person.heading_deg,
        "ground_speed_mps": person.ground_speed_mps,
    }


def _steps(run: Run, duration_s: float) -> dict[str, list[Any]]:
    """A column per parameter, a row per step of which something lies within the clip."""
    table = run.step_table()
    table = table[(table["contact_s"] < duration_s) & (table["toe_off_s"] > 0)]
    columns: dict[str, list[Any]] = {"side": table["side"].tolist()}
    for name in table.columns.drop("side"):
        columns[name] = _rounded(table[name].to_numpy(), "s" if name in ("contact_s", "toe_off_s") else "")
    return columns


def _events(run: Run, plan: ClipPlan) -> list[dict[str, Any]]:
    """Contacts and toe-offs within the clip, by time."""
    kinds: tuple[tuple[EventKind, Any], ...] = (("initial_contact", run.contact_s), ("toe_off", run.toe_off_s))
    found = [
        (float(time_s), kind, side)
        for kind, times in kinds
        for side in SIDES
        for time_s in times[side]
        if 0 <= time_s <= plan.duration_s
    ]
    return [
        {
            "kind": kind,
            "side": side,
            "time_s": round(time_s, 6),
            "file_time_s": round(time_s / plan.sampling.capture_speed, 6),
        }
        for time_s, kind, side in sorted(found)
    ]


def _metrics(run: Run, time_s: FloatArray) -> dict[str, dict[str, float]]:
    """By name and side, the mean over the whole strides from the first frame to the last."""
    metrics: dict[str, dict[str, float]] = {}
    for (name, side), value in clip_truth(run, start_s=float(time_s[0]), end_s=float(time_s[-1])).items():
        metrics.setdefault(name, {})[side] = round(value, _DECIMALS[""])
    return metrics


def _joints(plan: ClipPlan, run: Run, time_s: FloatArray) -> dict[str, dict[str, Any]]:
    """Places of each joint, in the room and in the picture."""
    offset, seen = plan.person.offset_m(time_s, plan.duration_s), plan.seen_px(run, time_s)
    return {
        name: {"metres": _rounded(place + offset, "m"), "pixels": _rounded(seen[name], "px")}
        for name, place in run.joints_at(time_s).items()
    }


def _rounded(values: FloatArray, unit: str) -> list[Any]:
    """Numbers with as many decimals as mean something."""
    return np.round(values, _DECIMALS[unit]).tolist()  # type: ignore[no-any-return]
