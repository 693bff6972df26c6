"""What every metric owes: a unit, a definition, a reference, an entry in the evidence, and answers to bad input."""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import gait
from gait.findings.evidence import TABLE
from gait.metrics import REGISTRY, Metric
from gait.model import SIDES, Analysis, Track

UNITS = {"steps/min", "s", "%", "ratio", "deg", "cm", "m", "leg lengths", "hip widths", "kN/m"}
SUFFIXES = {
    "_kn_per_m": "kN/m", "_spm": "steps/min", "_s": "s", "_pct": "%", "_deg": "deg", "_cm": "cm",
    "_leg_lengths": "leg lengths", "_hip_widths": "hip widths", "_m": "m",
}  # fmt: skip
FROM_TIMES = {"step_length_m", "leg_stiffness_kn_per_m"}  # and what is known of the runner: from any view
EVIDENCE = tomllib.loads(TABLE.read_text(encoding="utf-8"))


@pytest.mark.parametrize("metric", REGISTRY.values(), ids=lambda metric: metric.info.name)
class TestEntry:
    def test_says_what_it_is(self, metric: Metric) -> None:
        info = metric.info
        assert REGISTRY[info.name] is metric
        assert info.unit in UNITS
        assert len(info.definition) > 20
        assert info.definition.endswith(".")
        assert len(info.plain) > 20
        assert info.plain.endswith(".")
        assert info.label[0].isupper()
        assert re.search(r"doi:10\.\d{4}|\d+:\d+-\d+$", info.reference), "a DOI, or volume and pages"
        assert re.match(r"\w.* (19|20)\d\d, ", info.reference), "author and year"
        assert 0 <= info.decimals <= 3

    def test_its_name_ends_in_its_unit(self, metric: Metric) -> None:
        name, unit = metric.info.name, metric.info.unit
        fitting = [known for suffix, known in SUFFIXES.items() if name.endswith(suffix)]
        assert unit == (fitting[0] if fitting else "ratio")

    def test_has_one_useful_width_in_the_evidence(self, metric: Metric) -> None:
        entries = [entry for entry in EVIDENCE["metric"] if entry["name"] == metric.info.name]
        assert len(entries) == 1
        assert entries[0]["largest_useful"] > 0
        assert entries[0]["why"]
        assert entries[0]["reference"]

    def test_its_group_fits_its_view(self, metric: Metric) -> None:
        view = {"temporal": "any", "overstride": "side", "sagittal": "side", "frontal": "frontal"}
        assert metric.info.view == ("any" if metric.info.name in FROM_TIMES else view[metric.info.group])

    def test_its_errors_are_sane(self, metric: Metric) -> None:
        """A degree of roll can't turn an angle by more; a keypoint a leg length off turns no leg by more than a turn,
        and the pelvis, a fifth as long, by no more than two."""
        assert 0 <= metric.per_roll_deg <= 1
        assert (
            0
            <= metric.per_leg_length
            < 360 * (2 if "pelvic" in metric.info.name or "hip_ad" in metric.info.name else 1)
        )
        assert (metric.info.unit in ("deg", "hip widths")) == (metric.per_leg_length > 10), (
            "hips are a fifth of a leg apart"
        )


def test_names_are_those_of_the_specification() -> None:
    assert set(REGISTRY) >= {
        "cadence_spm", "step_time_s", "stride_time_s", "contact_time_s", "flight_time_s", "duty_factor",
        "ankle_to_hip_at_contact_leg_lengths", "shank_angle_at_contact_deg", "knee_flexion_at_contact_deg",
        "peak_stance_knee_flexion_deg", "trunk_lean_deg", "frontal_plane_projection_deg", "femoral_adduction_deg",
        "step_width_cm", "heel_to_hip_at_contact_leg_lengths", "ankle_to_knee_at_contact_leg_lengths",
        "shank_angle_at_loading_deg", "foot_strike_angle_deg", "step_length_m", "knee_flexion_excursion_deg",
        "thigh_extension_at_toe_off_deg", "vertical_oscillation_cm", "vertical_ratio_pct", "ankle_dorsiflexion_deg",
        "swing_knee_flexion_deg", "leg_stiffness_kn_per_m", "hip_adduction_deg", "contralateral_pelvic_drop_deg",
        "medial_knee_displacement_leg_lengths", "knee_separation_hip_widths", "lateral_trunk_lean_deg",
    }  # fmt: skip


def test_the_evidence_speaks_of_nothing_else() -> None:
    assert {entry["name"] for entry in EVIDENCE["metric"]} == set(REGISTRY)
    for entry in EVIDENCE["pose_error"]:
        assert entry["metric"] in REGISTRY
        assert entry["half_width"] > 0
        assert entry["reference"]
    for entry in EVIDENCE["value"]:
        assert entry["metric"] in REGISTRY
        assert entry["status"] in {"verified", "abstract", "secondary"}
        assert "doi:10." in entry["reference"]


def _nowhere(xy: np.ndarray) -> np.ndarray:
    return np.full_like(xy, np.nan)


def _one_frame(xy: np.ndarray) -> np.ndarray:
    only = np.full_like(xy, np.nan)
    only[5] = xy[5]
    return only


def _without(*joints: str) -> Callable[[np.ndarray], np.ndarray]:
    order = ("shoulder", "hip", "knee", "ankle", "heel", "foot_index")

    def change(xy: np.ndarray) -> np.ndarray:
        xy[:, [2 * order.index(joint) + side for joint in joints for side in (0, 1)]] = np.nan
        return xy

    return change


def _one_leg(xy: np.ndarray) -> np.ndarray:
    xy[:, 5::2] = np.nan
    return xy


def _scattered(xy: np.ndarray) -> np.ndarray:
    xy[np.random.default_rng(0).random(xy.shape[:2]) < 0.4] = np.nan
    return xy


SPOILED: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "nothing seen": _nowhere,
    "one frame seen": _one_frame,
    "everything at one place": lambda xy: np.full_like(xy, 100.0),
    "standing still": lambda xy: np.repeat(xy[:1], len(xy), axis=0),
    "noise": lambda xy: np.random.default_rng(0).normal(300, 80, xy.shape),
    "no hips": _without("hip"),
    "one leg": _one_leg,
    "four of ten points missing": _scattered,
    "0 frames": lambda xy: xy[:0],
    "1 frame": lambda xy: xy[:1],
    "2 frames": lambda xy: xy[:2],
    "1 s": lambda xy: xy[:30],
}


def spoiled(runner: Any, make: Callable[..., Track], view: str, change: Callable[[np.ndarray], np.ndarray]) -> Track:
    track = runner(duration_s=8).film(view, noise_px=1.0)
    xy = change(np.array(track.xy))
    return make(xy, track.video.file_time_s[: len(xy)], fps=30)


@pytest.mark.parametrize("view", ["right", "rear"])
@pytest.mark.parametrize("fault", SPOILED)
def test_what_cannot_be_measured_is_withheld_without_an_error(
    synthetic_runner: Any, synthetic_track: Callable[..., Track], view: str, fault: str
) -> None:
    """Warnings are errors here, so no mean of nothing slips through either."""
    analysis = gait.analyze_track(spoiled(synthetic_runner, synthetic_track, view, SPOILED[fault]), gait.Config())
    assert len(analysis.metrics.summary) == sum(2 if m.info.per_side else 1 for m in REGISTRY.values())
    for summary in analysis.metrics.summary:
        assert (summary.estimate, summary.ci95, summary.grade) == (None, None, None)
        assert len(summary.withheld) > 10
    assert all(finding.kind == "limit" for finding in analysis.findings)
    assert analysis.findings
    told = " ".join([*(s.withheld for s in analysis.metrics.summary), *(f.text for f in analysis.findings)])
    assert "nan" not in told.lower().replace("financ", "")
    assert analysis.drift.entries == ()


@pytest.mark.parametrize(("view", "joints"), [
    ("right", ("heel", "foot_index")), ("rear", ("heel", "foot_index")),
    ("right", ("shoulder",)), ("rear", ("shoulder",)),
])  # fmt: skip
def test_joints_that_were_never_found_withhold_what_needs_them(
    synthetic_runner: Any, synthetic_track: Callable[..., Track], view: str, joints: tuple[str, ...]
) -> None:
    track = spoiled(synthetic_runner, synthetic_track, view, _without(*joints))
    analysis = gait.analyze_track(track, gait.Config())
    for summary in analysis.metrics.summary:
        if REGISTRY[summary.name].needs_feet and "heel" in joints:
            assert summary.estimate is None
            assert "the feet can't be seen" in summary.withheld
        if summary.name == "trunk_lean_deg" and "shoulder" in joints:
            assert summary.estimate is None
        assert "nan" not in summary.withheld.lower()


@pytest.mark.parametrize("view", ["left", "right", "rear", "front"])
def test_a_shown_value_is_a_number_in_its_interval(synthetic_analysis: Callable[..., Analysis], view: str) -> None:
    analysis = synthetic_analysis(view, noise_px=2.0)
    shown = 0
    for summary in analysis.metrics.summary:
        assert summary.side in (SIDES if REGISTRY[summary.name].info.per_side else ("both",))
        assert (summary.estimate is None) == bool(summary.withheld)
        if summary.estimate is not None:
            assert summary.ci95 is not None
            assert all(map(math.isfinite, (summary.estimate, *summary.ci95)))
            assert summary.ci95[0] <= summary.estimate <= summary.ci95[1]
            assert summary.grade in ("A", "B", "C", "D")
            assert summary.n >= 5
            shown += 1
    assert shown >= 5


def test_the_same_track_gives_the_same_answer(synthetic_runner: Any) -> None:
    track = synthetic_runner(duration_s=8).film("right", noise_px=1.0)
    first, second = (gait.analyze_track(track, gait.Config()) for _ in range(2))
    assert first.metrics.summary == second.metrics.summary
    assert first.drift == second.drift
    assert first.findings == second.findings
    assert np.array_equal(first.events.time_s, second.events.time_s)
