"""The whole program on the sample clips, against the truth that they were drawn from (`sample_videos/README.md`)."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gait.model import Analysis, MetricSummary

SAMPLES = Path(__file__).parents[1] / "sample_videos"


@pytest.fixture(scope="module")
def truth_of() -> dict[str, dict[str, Any]]:
    return {view: json.loads((SAMPLES / f"{view}.truth.json").read_text(encoding="utf-8")) for view in ("side", "rear")}


@pytest.fixture(scope="module")
def analyses(analysis_side: Analysis, analysis_rear: Analysis) -> dict[str, Analysis]:
    return {"side": analysis_side, "rear": analysis_rear}


def check_against(truth: float, summary: MetricSummary | None, *, may_be_withheld: bool) -> None:
    """The interval holds the truth; or the value is withheld with a reason, where it may be."""
    assert summary is not None
    if summary.estimate is None:
        assert may_be_withheld, summary.withheld
        assert summary.ci95 is None
        assert len(summary.withheld) > 20
        return
    assert summary.ci95 is not None
    assert summary.ci95[0] <= truth <= summary.ci95[1]
    assert summary.ci95[0] < summary.estimate < summary.ci95[1]
    assert summary.n >= 5


@pytest.mark.parametrize("view", ["side", "rear"])
def test_scene(analyses: dict[str, Analysis], truth_of: dict[str, dict[str, Any]], view: str) -> None:
    scene, truth = analyses[view].scene, truth_of[view]
    assert (scene.view, scene.near_side, scene.direction) == (truth["view"], truth["near_side"], truth["direction"])
    assert scene.is_running is True
    assert scene.treadmill
    assert analyses[view].warnings == ()


@pytest.mark.parametrize("view", ["side", "rear"])
def test_cadence(analyses: dict[str, Analysis], truth_of: dict[str, dict[str, Any]], view: str) -> None:
    truth_spm, cadence = truth_of[view]["cadence_spm"], analyses[view].metrics.get("cadence_spm")
    check_against(truth_spm, cadence, may_be_withheld=False)
    assert cadence is not None
    assert cadence.estimate == pytest.approx(truth_spm, abs=0.5)


@pytest.mark.parametrize(
    ("view", "name", "side", "may_be_withheld"),
    [
        ("side", "contact_time_s", "right", False),
        ("side", "trunk_lean_deg", "both", False),
        ("side", "ankle_to_hip_at_contact_leg_lengths", "right", False),
        ("side", "stride_time_s", "both", False),
        ("side", "flight_time_s", "right", True),
        ("side", "duty_factor", "right", True),
        ("side", "step_time_s", "right", True),
        ("side", "shank_angle_at_contact_deg", "right", True),
        ("side", "knee_flexion_at_contact_deg", "right", True),
        ("side", "peak_stance_knee_flexion_deg", "right", True),
        ("rear", "frontal_plane_projection_deg", "left", False),
        ("rear", "frontal_plane_projection_deg", "right", False),
        ("rear", "femoral_adduction_deg", "left", False),
        ("rear", "femoral_adduction_deg", "right", False),
        ("rear", "step_width_cm", "both", True),
        ("rear", "contact_time_s", "left", True),
        ("rear", "contact_time_s", "right", True),
    ],
)
def test_interval_holds_the_truth_or_the_value_is_withheld(
    analyses: dict[str, Analysis], truth_of: dict[str, dict[str, Any]], view: str, name: str, side: Any, *,
    may_be_withheld: bool,
) -> None:  # fmt: skip
    truth = truth_of[view]["metrics"][name][side]
    check_against(truth, analyses[view].metrics.get(name, side), may_be_withheld=may_be_withheld)


def test_far_leg_is_never_shown_wrong(analysis_side: Analysis, truth_of: dict[str, dict[str, Any]]) -> None:
    """The model loses the far leg for whole stances: what is shown of it still has to hold the truth."""
    far = [summary for summary in analysis_side.metrics.summary if summary.side == "left"]
    assert far
    for summary in far:
        metrics = truth_of["side"]["metrics"]
        if summary.name in metrics:
            check_against(metrics[summary.name]["left"], summary, may_be_withheld=True)
        else:
            assert summary.withheld


def test_only_what_the_view_shows_is_shown(analyses: dict[str, Analysis]) -> None:
    for view, other in (("side", "frontal"), ("rear", "side")):
        metrics = analyses[view].metrics
        hidden = [summary for summary in metrics.summary if metrics.info[summary.name].view == other]
        assert hidden
        assert all(summary.estimate is None and "view" in summary.withheld for summary in hidden)


@pytest.mark.parametrize(("kind", "tolerance_s"), [("initial_contact", 0.020), ("toe_off", 0.030)])
def test_near_leg_events(
    analysis_side: Analysis, truth_of: dict[str, dict[str, Any]], kind: Any, tolerance_s: float
) -> None:
    """Near-leg contacts within 20 ms (a frame and a bit at 60 fps); toe-off is the less sharp event."""
    events, start_s = analysis_side.events, analysis_side.video.file_time_s[0]
    true_s = [e["time_s"] for e in truth_of["side"]["events"] if (e["kind"], e["side"]) == (kind, "right")]
    found_s = events.file_time_s[events.select(kind, "right")] - start_s
    assert len(found_s) == len(true_s) == 11
    np.testing.assert_allclose(found_s, true_s, rtol=0, atol=tolerance_s)
    np.testing.assert_allclose(events.time_s, events.file_time_s, rtol=0, atol=1e-12)  # this clip is in real time


@pytest.mark.parametrize("view", ["side", "rear"])
def test_events_lie_within_their_own_uncertainty(
    analyses: dict[str, Analysis], truth_of: dict[str, dict[str, Any]], view: str
) -> None:
    events, start_s = analyses[view].events, analyses[view].video.file_time_s[0]
    inside = []
    for event in truth_of[view]["events"]:
        if not 0.8 < event["time_s"] < truth_of[view]["duration_s"] - 0.8:  # a stride at the ends may be cut off
            continue
        mask = events.select(event["kind"], event["side"])
        off_s = np.abs(events.file_time_s[mask] - start_s - event["time_s"])
        inside.append(off_s.min() <= events.uncertainty_s[mask][off_s.argmin()])
    assert len(inside) > 30
    assert np.mean(inside) >= 0.9


def test_step_width_needs_the_runners_height(analysis_of: Any) -> None:
    summary = analysis_of(SAMPLES / "rear.mp4").metrics.get("step_width_cm")
    assert summary.estimate is None
    assert "--height-cm" in summary.withheld
