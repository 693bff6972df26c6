"""A runner's values beside those of others at the same speed."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gait.findings import compare, describe, load_evidence
from gait.findings.comparisons import class_of
from gait.metrics import REGISTRY
from gait.model import Calibration, Comparison, LegQuality, MetricSummary, MetricTable, Quantity, Scene, SideOrBoth

EVIDENCE = load_evidence()
VERIFIED = Path(__file__).parents[3] / "shared" / "evidence-verified.toml"
ANKLE = "ankle_to_hip_at_contact_leg_lengths"


def table(*summaries: MetricSummary) -> MetricTable:
    return MetricTable(pd.DataFrame(), {name: metric.info for name, metric in REGISTRY.items()}, summaries)


def shown(name: str, value: float, half: float, side: SideOrBoth = "right") -> MetricSummary:
    return MetricSummary(name, side, value, (value - half, value + half), 20, "B")


def at(speed_mps: float, error: float = 0.0) -> Calibration:
    return Calibration(Quantity(1.0, 0.0, ""), belt_speed_mps=Quantity(speed_mps, error, "entered"))


def only(value: float, half: float, calibration: Calibration, name: str = ANKLE) -> Comparison:
    (found,) = compare(table(shown(name, value, half)), calibration, EVIDENCE)
    return found


class TestCompare:
    @pytest.mark.parametrize(("speed_mps", "usual"), [(2.5, 0.20), (3.0, 0.225), (3.5, 0.25), (4.5, 0.30), (4.7, 0.30)])
    def test_the_others_run_at_the_same_speed(self, speed_mps: float, usual: float) -> None:
        found = only(0.25, 0.02, at(speed_mps))
        assert found.usual == pytest.approx(usual)
        assert found.away == pytest.approx(0.25 - usual)
        assert found.n == 28

    @pytest.mark.parametrize(
        ("value", "half", "place"),
        [
            (0.25, 0.02, "not told apart"),
            (0.30, 0.01, "higher"),  # 1.6 SD away, and at least 1.3
            (0.30, 0.03, "not told apart"),  # perhaps 0.6
            (0.20, 0.01, "lower"),
            (0.20, 0.06, "not told apart"),
        ],
    )
    def test_a_place_is_told_only_where_the_whole_interval_lies_outside(
        self, value: float, half: float, place: str
    ) -> None:
        assert only(value, half, at(3.5)).place == place

    def test_a_speed_that_is_not_sure_makes_the_place_less_sure(self) -> None:
        """0.05 leg lengths per m/s."""
        sure, unsure = only(0.30, 0.01, at(3.5)), only(0.30, 0.01, at(3.5, 0.4))
        assert unsure.error == pytest.approx(np.hypot(0.01, 0.05 * 0.4))
        assert (sure.place, unsure.place) == ("higher", "not told apart")

    def test_without_a_spread_there_is_no_place(self) -> None:
        found = only(30.0, 1.0, at(3.5), "thigh_extension_at_toe_off_deg")
        assert (found.sd, found.place) == (None, "unknown")
        assert found.usual == pytest.approx(23.2)

    def test_at_the_end_of_the_table_the_speed_counts_as_much(self) -> None:
        """Below its error lies in the table, above it doesn't: half of the difference would be too little."""
        assert only(0.30, 0.01, at(4.5, 0.4)).error == pytest.approx(np.hypot(0.01, 0.05 * 0.4))

    def test_an_angle_told_from_standing_is_compared_over_standing(self) -> None:
        name = "shank_angle_at_loading_deg"
        plain = shown(name, 15.0, 1.0)
        assert compare(table(plain), at(3.5), EVIDENCE) == ()
        standing = replace(plain, over_standing=Quantity(9.0, 1.5, "standing clip"))
        (found,) = compare(table(standing), at(3.5), EVIDENCE)
        assert (found.usual, found.away, found.error) == (pytest.approx(5.2), pytest.approx(3.8), pytest.approx(1.5))
        assert "standing" in found.source

    def test_whose_spread_it_is_stands_beside_it(self) -> None:
        assert "SD of the heel's distance in 39 runners" in only(0.25, 0.02, at(3.5)).source

    @pytest.mark.parametrize("speed_mps", [2.0, 5.0])
    def test_nobody_is_compared_with_runners_at_another_speed(self, speed_mps: float) -> None:
        assert compare(table(shown(ANKLE, 0.3, 0.01)), at(speed_mps), EVIDENCE) == ()

    def test_without_a_speed_there_is_no_comparison(self) -> None:
        assert compare(table(shown(ANKLE, 0.3, 0.01)), Calibration(Quantity(1.0, 0.0, "")), EVIDENCE) == ()

    def test_what_is_withheld_is_not_compared(self) -> None:
        withheld = MetricSummary(ANKLE, "right", None, None, 20, None, "too wide")
        assert compare(table(withheld), at(3.5), EVIDENCE) == ()

    def test_the_average_runner_is_unlike_nobody(self) -> None:
        """Whom fixed limits call an overstrider: the group's mean at each speed, however exactly it is known; and the
        heel, which lies 0.06 leg lengths behind the ankle at every speed."""
        for speed_mps in (2.5, 3.5, 4.5):
            means = [shown(name, ref.at(speed_mps)[0], 1e-6) for name, ref in EVIDENCE.references.items()]
            heel = EVIDENCE.references[ANKLE].at(speed_mps)[0] - 0.06
            means.append(shown("heel_to_hip_at_contact_leg_lengths", heel, 1e-6))
            for found in compare(table(*means), at(speed_mps), EVIDENCE):
                assert found.place in ("not told apart", "unknown")


class TestWords:
    SCENE = Scene("right", 1, "right", True, legs={"right": LegQuality("A")})

    def test_each_cue_is_told_by_itself(self) -> None:
        metrics = table(
            shown(ANKLE, 0.35, 0.01), shown("foot_strike_angle_deg", 10.0, 1.0), shown("cadence_spm", 150.0, 1.0)
        )
        comparisons = compare(metrics, at(3.5), EVIDENCE)
        text = describe(metrics, self.SCENE, EVIDENCE, comparisons)[-1].text
        assert text.startswith("Landing beside that of other runners at 3.5 m/s, cue by cue; ")
        assert "higher than in most of them: ankle ahead of the hip at landing (right);" in text
        assert "not told apart from them: foot strike angle (right)." in text
        assert "adence" not in text
        assert text.endswith("No cue alone makes a stride too long.")

    def test_nothing_is_said_without_comparisons(self) -> None:
        metrics = table(shown(ANKLE, 0.35, 0.01))
        texts = [finding.text for finding in describe(metrics, self.SCENE, EVIDENCE)]
        assert not any("Landing beside" in text for text in texts)

    @pytest.mark.parametrize(
        ("value", "half", "called"),
        [
            (14.0, 5.0, "rearfoot strike"),
            (14.0, 7.0, "uncertain, midfoot strike to rearfoot strike"),
            (3.0, 2.0, "midfoot strike"),
            (3.0, 8.0, "uncertain, forefoot strike to rearfoot strike"),
            (-9.0, 3.0, "forefoot strike"),
        ],
    )
    def test_the_foot_strike_is_named_where_one_limit_is_not_in_the_interval(
        self, value: float, half: float, called: str
    ) -> None:
        name = "foot_strike_angle_deg"
        assert class_of(shown(name, value, half), EVIDENCE.classes[name]) == called
        (finding,) = describe(table(shown(name, value, half)), self.SCENE, EVIDENCE)
        assert finding.text.startswith(f"Foot strike: right {called}.")

    @given(st.floats(-30, 40), st.floats(0.1, 20))
    def test_a_certain_class_holds_the_value(self, value: float, half: float) -> None:
        classes = EVIDENCE.classes["foot_strike_angle_deg"]
        called = class_of(shown("foot_strike_angle_deg", value, half), classes)
        if not called.startswith("uncertain"):
            assert called == classes.names[int(np.searchsorted(classes.limits, value))]


def test_comparisons_come_with_an_analysis(synthetic_runner: Any) -> None:
    import gait

    track = synthetic_runner().film("right", noise_px=0.5)
    known = gait.Config().with_values({"calibration": {"speed_mps": 2.8, "height_m": 1.8}}, source="test")
    analysis = gait.analyze_track(track, known)
    told = {comparison.name for comparison in analysis.comparisons}
    assert {"cadence_spm", ANKLE} <= told
    assert any("Landing beside" in finding.text for finding in analysis.findings)
    assert gait.analyze_track(track).comparisons == ()


@pytest.fixture(scope="module")
def verified() -> dict[str, Any]:
    entries = tomllib.loads(VERIFIED.read_text(encoding="utf-8"))["value"]
    return {entry["id"]: entry for entry in entries}


@pytest.mark.skipif(not VERIFIED.is_file(), reason=f"{VERIFIED} isn't here")
class TestAgainstTheVerifiedEvidence:
    """No number that wasn't verified; those that stand here are the verified ones."""

    @pytest.mark.parametrize("name", EVIDENCE.references)
    def test_references(self, name: str, verified: dict[str, Any]) -> None:
        reference = EVIDENCE.references[name]
        entry = verified[reference.id]
        assert not entry["status"].startswith("from memory")
        assert entry["status"].startswith(reference.status)
        factor = {"ratio": 100, "s": 1000, "cm": 10}.get(REGISTRY[name].info.unit, 1)
        scale = factor if reference.id in SCALED else 1
        for i, speed in enumerate(reference.speed_mps):
            mean, sd = _at(entry["values"], speed)
            assert reference.mean[i] * scale == pytest.approx(mean), (name, speed)
            if sd is not None and reference.sd is not None and not reference.sd_note:
                assert (reference.sd * len(reference.mean))[i] * scale == pytest.approx(sd), (name, speed)
        assert str(reference.n) in entry["n"]

    def test_classes(self, verified: dict[str, Any]) -> None:
        for classes in EVIDENCE.classes.values():
            entry = verified[classes.id]
            assert list(classes.limits) == entry["values"]
            assert entry["status"].startswith(classes.status)

    def test_every_reference_names_its_doi(self, verified: dict[str, Any]) -> None:
        for reference in EVIDENCE.references.values():
            doi = verified[reference.id]["doi"]
            assert not doi or doi in reference.reference


SCALED = {"fukuchi_duty_factor", "fukuchi_contact_time", "fukuchi_flight_time", "pelvis_vo_fukuchi"}


def _at(values: Any, speed_mps: float) -> tuple[float, float | None]:
    """Mean, and SD where it stands beside it, at a speed."""
    at_speed = values[f"{speed_mps:g}"] if isinstance(values, dict) else values
    mean, *sd = at_speed if isinstance(at_speed, list) else [at_speed]
    return float(mean), float(sd[0]) if sd else None


def test_a_reference_is_complete() -> None:
    for name, reference in EVIDENCE.references.items():
        assert name in REGISTRY
        assert len(reference.mean) in (1, len(reference.speed_mps))
        assert reference.sd is None or len(reference.sd) in (1, len(reference.speed_mps))
        assert reference.status in {"verified", "abstract", "secondary"}
        assert list(reference.speed_mps) == sorted(reference.speed_mps)
        assert replace(reference, sd=None).at(3.0)[1] is None
