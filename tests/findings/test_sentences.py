"""Findings describe, say how sure they are, and never show what is withheld."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gait.findings import describe, load_evidence, with_literature
from gait.findings.sentences import HEADLINES
from gait.metrics import REGISTRY
from gait.model import (
    SIDES,
    Analysis,
    Beside,
    Drift,
    DriftEntry,
    Finding,
    LegQuality,
    MetricSummary,
    MetricTable,
    Scene,
    Verdict,
)

FORBIDDEN = re.compile(r"diagnos|risk|injur|predict|screen", re.IGNORECASE)
SCENE = Scene("right", 1, "right", True, legs={side: LegQuality("A") for side in SIDES})
EVIDENCE = load_evidence()


def summaries(shown: dict[str, float]) -> tuple[MetricSummary, ...]:
    """A summary of every metric and side; those named are shown with an interval of 1 to each side."""
    made = []
    for name, metric in REGISTRY.items():
        for side in SIDES if metric.info.per_side else ("both",):
            if name in shown:
                value = shown[name]
                made.append(MetricSummary(name, side, value, (value - 1, value + 1), 20, "A"))  # type: ignore[arg-type]
            else:
                made.append(MetricSummary(name, side, None, None, 0, None, f"no view of {name}"))  # type: ignore[arg-type]
    return tuple(made)


def table(shown: dict[str, float]) -> MetricTable:
    return MetricTable(pd.DataFrame(), {name: metric.info for name, metric in REGISTRY.items()}, summaries(shown))


class TestWords:
    @pytest.mark.parametrize("name", REGISTRY)
    def test_no_metric_promises_what_a_video_cannot(self, name: str) -> None:
        info = REGISTRY[name].info
        for text in (info.label, info.plain, info.definition):
            assert not FORBIDDEN.search(text), text

    @pytest.mark.parametrize("name", EVIDENCE.orientation)
    def test_nor_does_the_evidence(self, name: str) -> None:
        assert not FORBIDDEN.search(EVIDENCE.orientation[name][0])

    @pytest.mark.parametrize("view", ["left", "right", "rear", "front"])
    def test_nor_do_findings_warnings_and_reasons(self, synthetic_analysis: Callable[..., Analysis], view: str) -> None:
        analysis = synthetic_analysis(view, noise_px=2.0)
        texts = [finding.text for finding in analysis.findings]
        texts += [summary.withheld for summary in analysis.metrics.summary]
        texts += [*analysis.warnings, analysis.drift.note]
        assert len([text for text in texts if text]) > 3
        for text in texts:
            assert not FORBIDDEN.search(text), text

    def test_nor_does_what_is_not_running(self, synthetic_analysis: Callable[..., Analysis]) -> None:
        analysis = synthetic_analysis("right", noise_px=0.5, lift_m=0.04, bounce_m=0.02, belt_mps=0.6, duty=0.45)
        assert analysis.scene.is_running is False
        for text in [*(f.text for f in analysis.findings), *(s.withheld for s in analysis.metrics.summary)]:
            assert not FORBIDDEN.search(text), text


class TestDescribe:
    @settings(max_examples=100, deadline=None)
    @given(st.dictionaries(st.sampled_from(sorted(REGISTRY)), st.floats(-99, 99).map(lambda v: round(v, 3))))
    def test_only_what_is_shown_appears(self, shown: dict[str, float]) -> None:
        findings = describe(table(shown), SCENE, EVIDENCE)
        observed = [finding for finding in findings if finding.kind == "observation"]
        widths = [name for name in ("step_width_cm", "step_width_leg_lengths") if name in shown]
        told_of = [*HEADLINES, *widths[:1], "foot_strike_angle_deg"]
        assert [finding.metrics for finding in observed] == [(name,) for name in told_of if name in shown]
        told = " ".join(finding.text for finding in findings)
        for name in REGISTRY:
            label = f"{REGISTRY[name].info.label}:"
            assert (label in told) == (
                (name in shown and name in HEADLINES) or (name == "step_width_cm" and bool(widths))
            )
        if not observed:
            assert [finding.kind for finding in findings] == ["limit"]

    @pytest.mark.parametrize(
        ("width_cm", "told"), [(8.0, "the feet don't cross"), (-3.0, "the feet cross"), (0.4, "can't be told")]
    )
    def test_whether_the_feet_cross_is_said_as_far_as_it_is_known(self, width_cm: float, told: str) -> None:
        """The interval is 1 cm to each side."""
        (finding,) = describe(table({"step_width_cm": width_cm}), SCENE, EVIDENCE)
        assert told in finding.text
        assert "13 of 44 healthy runners" in finding.text

    def test_a_value_stands_with_its_interval_and_unit(self) -> None:
        text = describe(table({"cadence_spm": 165.04}), SCENE, EVIDENCE)[0].text
        assert text.startswith("Cadence: 165.0 steps/min (164.0 to 166.0).")
        assert "no ideal number" in text, "its orientation follows"

    def test_both_sides_are_named(self) -> None:
        text = describe(table({"femoral_adduction_deg": 4.0}), SCENE, EVIDENCE)[0].text
        assert "left 4.0 degrees (3.0 to 5.0), right 4.0 degrees (3.0 to 5.0)" in text

    def test_one_side_withheld_leaves_the_other(self) -> None:
        everything = table({"contact_time_s": 0.25})
        one_sided = tuple(
            MetricSummary(s.name, s.side, None, None, 20, None, "too wide") if s.side == "left" else s
            for s in everything.summary
        )
        text = describe(replace(everything, summary=one_sided), SCENE, EVIDENCE)[0].text
        assert "right 0.250 s" in text
        assert "left" not in text.split(".")[0]

    def test_cadence_leads(self) -> None:
        shown = dict.fromkeys(HEADLINES, 5.0)
        assert describe(table(shown), SCENE, EVIDENCE)[0].metrics == ("cadence_spm",)

    def test_hidden_feet_are_said_beside_what_is_shown(self) -> None:
        scene = replace(SCENE, feet_hidden="the feet can't be seen")
        findings = describe(table({"cadence_spm": 165.0}), scene, EVIDENCE)
        assert [finding.kind for finding in findings] == ["observation", "limit"]
        assert findings[1].text == "What needs the feet is withheld: the feet can't be seen."

    def test_not_running_says_only_that(self) -> None:
        scene = replace(SCENE, is_running=False, not_running="this is walking")
        findings = describe(table({"cadence_spm": 110.0}), scene, EVIDENCE)
        assert len(findings) == 1
        assert "this is walking" in findings[0].text
        assert "110" not in findings[0].text

    @pytest.mark.parametrize("name", HEADLINES)
    def test_headlines_are_metrics(self, name: str) -> None:
        assert name in REGISTRY


def test_evidence_is_read_as_it_is_written() -> None:
    assert set(EVIDENCE.largest_useful) == set(REGISTRY)
    assert EVIDENCE.largest_useful["cadence_spm"] == 4.0
    error = EVIDENCE.pose_error["knee_flexion_at_contact_deg"]
    assert error.half_width == 19.0
    assert "(" in error.source, "its reference stands with it"
    assert load_evidence() is EVIDENCE


class TestDrift:
    """What changed over the clip, in a sentence."""

    @staticmethod
    def said(*verdicts: Verdict, voided: str = "") -> Finding:
        names = ("cadence_spm", "trunk_lean_deg", "stride_time_s")
        entries = tuple(
            DriftEntry(name, "both", 1.0, 3.25, 2.25, (1.0, 3.5), 30, 30, verdict, voided * (verdict == "can't tell"))
            for name, verdict in zip(names, verdicts, strict=False)
        )
        drift = Drift(entries, (0.0, 20.0), (40.0, 60.0), "", voided=voided)
        return describe(table({"cadence_spm": 165.0}), SCENE, EVIDENCE, (), drift)[-1]

    def test_what_changed_is_named_with_its_interval(self) -> None:
        found = self.said("stable", "drifted", "can't tell")
        assert found.text == (
            "Changed over the clip: forward trunk lean by +2.2 degrees (+1.0 to +3.5). Of the other values 1 show no "
            "change, of 1 it can't be told."
        )
        assert found.metrics == ("trunk_lean_deg",)

    def test_nothing_changed(self) -> None:
        assert self.said("stable", "stable").text == "No value changed for sure over the clip."
        assert self.said("stable", "can't tell").text == (
            "No value changed for sure over the clip. Of the values 1 show no change, of 1 it can't be told."
        )

    def test_all_that_can_be_said_of_the_rest(self) -> None:
        assert self.said("drifted", "stable").text.endswith("(+1.0 to +3.5). The other values show no change.")
        assert self.said("drifted", "can't tell").text.endswith("Of the other values nothing can be told.")
        assert self.said("drifted").text.endswith("(+1.0 to +3.5).")

    def test_a_camera_that_moved_leaves_what_is_of_time_alone(self) -> None:
        found = self.said("drifted", "can't tell", "can't tell", voided="the camera turned")
        assert found.text.startswith("Changed over the clip: cadence by +2.2")
        assert found.text.endswith("Of the other values nothing can be told, most of them since the camera turned.")
        assert found.kind == "observation"

    def test_a_camera_that_moved_is_all_there_is_to_say(self) -> None:
        found = self.said("can't tell", voided="the camera turned")
        assert found.text == "No change over the clip can be told: the camera turned."
        assert found.kind == "limit"


class TestLiterature:
    """What studies found stands beside runs that are long enough to tire in, and nowhere else."""

    @staticmethod
    def beside(minutes: float, *names: str) -> tuple[Beside, ...]:
        entries = tuple(DriftEntry(name, "both", 1.0, 2.0, 1.0, (0.5, 1.5), 30, 30, "drifted") for name in names)
        return with_literature(Drift(entries, (0.0, 60.0), (60.0, 60 * minutes), ""), EVIDENCE).beside

    def test_only_of_metrics_that_were_compared(self) -> None:
        (found,) = self.beside(40, "trunk_lean_deg")
        assert "trunk_lean_deg" in found.metrics
        assert "Koblbauer et al. 2014, doi:10.1016/j.jsams.2013.05.013" in found.references
        assert self.beside(40, "step_width_cm") == ()
        assert len(self.beside(40, "cadence_spm", "stride_time_s", "flight_time_s")) == 2

    def test_not_of_a_clip_of_minutes(self) -> None:
        assert self.beside(10, "trunk_lean_deg") == ()
        assert self.beside(12, "trunk_lean_deg") != ()

    def test_all_of_it_is_of_known_metrics_and_has_a_source_that_was_read(self) -> None:
        assert EVIDENCE.fatigue
        for one in EVIDENCE.fatigue:
            assert set(one.metrics) <= set(EVIDENCE.largest_useful) | {"hip_adduction_deg"}
            assert set(one.status.split("; ")) <= {"abstract", "verified"}
            assert len(one.references) == len(set(one.references)) > 0
            assert not FORBIDDEN.search(one.text)
