from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from jsonschema import Draft202012Validator, ValidationError

from gait.export import write_summary
from gait.export.summary import SCHEMA
from gait.model import Comparison, Quantity

NAMES = ("side_view", "rear_view", "feet_hidden", "not_running", "nothing_found")
KEYS = {
    "view", "direction", "capture_fps", "duration_s", "is_running", "metrics", "events", "comparisons", "drift",
    "findings", "warnings", "provenance",
}  # fmt: skip


def written(analysis: Any, folder: Path) -> dict[str, Any]:
    path = folder / "summary.json"
    write_summary(analysis, path)

    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} in the JSON")

    document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"), parse_constant=refuse)
    return document


@pytest.fixture(scope="module")
def schema() -> Draft202012Validator:
    document = json.loads(SCHEMA.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(document)
    return Draft202012Validator(document)


@pytest.mark.parametrize("name", NAMES)
def test_every_summary_satisfies_the_schema(
    fakes: ModuleType, schema: Draft202012Validator, tmp_path: Path, name: str
) -> None:
    document = written(fakes.ANALYSES[name](), tmp_path)
    schema.validate(document)
    assert set(document) == KEYS


@pytest.mark.parametrize("fault", ["extra key", "missing key", "number beside a reason", "neither", "bad side"])
def test_schema_refuses_faults(fakes: ModuleType, schema: Draft202012Validator, tmp_path: Path, fault: str) -> None:
    document = written(fakes.side_view(), tmp_path)
    contact = document["metrics"]["contact_time_s"]
    if fault == "extra key":
        document["score"] = 1
    elif fault == "missing key":
        del document["drift"]
    elif fault == "number beside a reason":
        contact["right"]["estimate"] = 0.2
    elif fault == "neither":
        contact["left"]["estimate"] = None
    else:
        contact["middle"] = contact["left"]
    with pytest.raises(ValidationError):
        schema.validate(document)


def test_values_are_those_of_the_analysis(fakes: ModuleType, tmp_path: Path) -> None:
    analysis = fakes.side_view()
    document = written(analysis, tmp_path)
    cadence = analysis.metrics.get("cadence_spm")
    assert document["metrics"]["cadence_spm"]["both"] == {
        "estimate": cadence.estimate, "ci95": list(cadence.ci95), "unit": "spm", "n": 10, "grade": "A",
        "withheld": None, "by_repair": cadence.by_repair, "detectable_change": None, "over_standing": None,
    }  # fmt: skip
    assert document["direction"] == "left"
    assert document["capture_fps"] == 60
    assert document["duration_s"] == pytest.approx(8.0)
    assert len(document["events"]) == len(analysis.events)
    assert document["events"][1]["time_s"] == analysis.events.time_s[1]
    assert document["drift"]["entries"][0]["ci95"] == [-2.0, -0.4]


def test_withheld_metric_has_a_reason_and_no_number(fakes: ModuleType, tmp_path: Path) -> None:
    analysis = fakes.side_view()
    # Even where a room forgot to clear the estimate.
    careless = [replace(s, estimate=0.257) if s.withheld else s for s in analysis.metrics.summary]
    metrics = replace(analysis.metrics, summary=tuple(careless))
    entry = written(replace(analysis, metrics=metrics), tmp_path)["metrics"]["contact_time_s"]["right"]
    assert entry["withheld"].startswith("its interval of")
    assert (entry["estimate"], entry["ci95"], entry["grade"]) == (None, None, None)


def test_slow_motion_gives_the_rate_of_the_camera(fakes: ModuleType, tmp_path: Path) -> None:
    document = written(fakes.rear_view(), tmp_path)
    assert document["capture_fps"] == 120
    assert document["direction"] == "none"


def test_a_rate_that_cannot_be_told_is_null(fakes: ModuleType, tmp_path: Path) -> None:
    analysis = fakes.rear_view()
    speed = Quantity(1.0, float("nan"), "not known: 8 times (60 %) or 10 times (38 %)")
    unknown = replace(analysis, calibration=replace(analysis.calibration, capture_speed=speed))
    assert written(unknown, tmp_path)["capture_fps"] is None


def test_running_may_be_unknown(fakes: ModuleType, tmp_path: Path) -> None:
    running = [written(fakes.ANALYSES[name](), tmp_path)["is_running"] for name in NAMES]
    assert running == [True, True, True, False, None]


def test_settings_of_any_kind_become_json(fakes: ModuleType, tmp_path: Path) -> None:
    analysis = fakes.side_view()
    config = {"a": np.float32(0.5), "b": np.arange(2), "c": Path("x") / "y", "d": float("inf"), "e": None, "f": True}
    document = written(replace(analysis, provenance=replace(analysis.provenance, config=config)), tmp_path)
    expected = {"a": 0.5, "b": [0, 1], "c": str(Path("x") / "y"), "d": None, "e": None, "f": True}
    assert document["provenance"]["config"] == expected


def test_change_standing_and_others_are_told(fakes: ModuleType, schema: Draft202012Validator, tmp_path: Path) -> None:
    analysis = fakes.side_view()
    told = [
        replace(s, detectable_change=0.8, over_standing=Quantity(5.5, 2.0, "standing clip"))
        if s.name in ("trunk_lean_deg", "contact_time_s")
        else s
        for s in analysis.metrics.summary
    ]
    lean = Comparison("trunk_lean_deg", "both", 7.3, 3.6, 1.2, 2.0, "not told apart", 3.4, 28, "somebody 2020")
    metrics = replace(analysis.metrics, summary=tuple(told))
    document = written(replace(analysis, metrics=metrics, comparisons=(lean,)), tmp_path)
    schema.validate(document)
    over = document["metrics"]["trunk_lean_deg"]["both"]
    assert over["over_standing"] == {"estimate": 5.5, "ci95": [3.5, 7.5], "source": "standing clip"}
    assert over["detectable_change"] == 0.8
    withheld = document["metrics"]["contact_time_s"]["right"]
    assert (withheld["over_standing"], withheld["detectable_change"]) == (None, None)
    assert document["comparisons"] == [
        {
            "name": "trunk_lean_deg", "side": "both", "usual": 7.3, "sd": 3.6, "away": 1.2, "error": 2.0,
            "place": "not told apart", "speed_mps": 3.4, "n": 28, "source": "somebody 2020",
        }
    ]  # fmt: skip
