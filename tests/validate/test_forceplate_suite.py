"""The suite on the recordings at hand (the regression gate of events and side-view angles), and without any."""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from gait.metrics import in_order
from gait.validate.rows import Row
from gait.validate.statistics import Figures, summarise
from gait.validate.suites import forceplate

NEAR, FAR, REAR = (f"{where}, 60 fps, 8 mm noise" for where in ("side, near leg", "side, far leg", "rear"))


@pytest.fixture(scope="module")
def gate_rows() -> list[Row]:
    """What the gate's cases give, each by itself, as they run in worker processes."""
    if not forceplate.recorded_runs(forceplate.FOLDER):
        pytest.skip(f"the force-plate recordings aren't part of the project; they would lie in {forceplate.FOLDER}")
    cases = forceplate.cases("gate", folder=forceplate.FOLDER)
    return [row for case in cases for row in pickle.loads(pickle.dumps(case.run))()]


@pytest.fixture(scope="module")
def gate(gate_rows: list[Row]) -> Mapping[tuple[str, str], Figures]:
    """Figures by condition and metric."""
    return {(figures.condition, figures.metric): figures for figures in summarise(gate_rows)}


def rmse(figures: Figures) -> float:
    assert figures.agreement is not None, f"{figures.metric}: all of it is withheld"
    return figures.agreement.rmse


def bias(figures: Figures) -> float:
    assert figures.agreement is not None, f"{figures.metric}: all of it is withheld"
    return figures.agreement.bias


class TestGate:
    """Two runs of one person, seen from both sides and the rear, each once; a draw more or less moves the figures by a
    third of what is allowed here."""

    @pytest.mark.parametrize("condition", [NEAR, FAR])
    def test_contacts(self, gate: Mapping[tuple[str, str], Figures], condition: str) -> None:
        """6 ms late and 7 ms RMSE now; 10 and 12 ms are the bar of marker methods."""
        each = gate[condition, "initial_contact_error_ms"]
        assert abs(bias(each)) < 10
        assert rmse(each) < 12
        assert each.withheld < 0.02
        assert each.intervals is not None
        assert each.intervals.coverage >= 0.90

    @pytest.mark.parametrize("condition", [NEAR, FAR])
    def test_toe_offs_and_contact_time(self, gate: Mapping[tuple[str, str], Figures], condition: str) -> None:
        """Toe-off is 9 to 13 ms late now, contact time 3 to 7 ms long."""
        assert abs(bias(gate[condition, "toe_off_error_ms"])) < 18
        assert rmse(gate[condition, "contact_time_s"]) < 0.014

    @pytest.mark.parametrize("condition", [NEAR, REAR])
    def test_cadence(self, gate: Mapping[tuple[str, str], Figures], condition: str) -> None:
        """0.03 steps/min off now; 0.1 over 30 s is one thirtieth of a step."""
        assert rmse(gate[condition, "cadence_spm"]) < 0.1
        assert rmse(gate[condition, "contacts_found"]) == 0

    @pytest.mark.parametrize(
        ("condition", "metric", "allowed"),
        [
            (NEAR, "ankle_to_hip_at_contact_leg_lengths", 0.015),  # 0.008 now: 6 ms late, leg 3 % short, 4 % larger
            (NEAR, "shank_angle_at_contact_deg", 2.5),  # 1.2 now: the shank turns by 0.3 degrees a millisecond
            (NEAR, "knee_flexion_at_contact_deg", 3.0),  # 1.2 now, withheld for the pose model's error
            (NEAR, "peak_stance_knee_flexion_deg", 2.0),  # 0.8 now, withheld too
            (REAR, "frontal_plane_projection_deg", 2.0),  # 0.7 now: perspective
            (REAR, "femoral_adduction_deg", 1.0),  # 0.25 now
        ],
    )
    def test_angles_and_distances_of_good_keypoints(
        self, gate: Mapping[tuple[str, str], Figures], condition: str, metric: str, allowed: float
    ) -> None:
        """What is withheld counts by what would have been said."""
        figures = gate[condition, metric]
        error = rmse(figures) if figures.agreement is not None else figures.unshown_rmse
        assert error is not None
        assert error < allowed

    def test_rules_of_the_literature_stand_beside_ours(self, gate: Mapping[tuple[str, str], Figures]) -> None:
        """Ours is the same as in our own table, and nobody's contact time comes near: 10 ms against 34 ms now."""
        ours, others = f"{NEAR}, by gait", {condition for condition, _ in gate if condition.startswith(f"{NEAR}, by ")}
        for metric in ("initial_contact_error_ms", "toe_off_error_ms"):
            assert rmse(gate[ours, f"by_rule_{metric}"]) == pytest.approx(rmse(gate[NEAR, metric]))
        contact_time_ms = {condition: rmse(gate[condition, "by_rule_contact_time_error_ms"]) for condition in others}
        assert len(contact_time_ms) == 6
        best = contact_time_ms.pop(ours)
        assert min(contact_time_ms.values()) > 1.5 * best

    def test_thresholds(self, gate: Mapping[tuple[str, str], Figures]) -> None:
        """Contact hardly depends on the threshold, toe-off does: the force rises in 10 ms and falls in 50."""
        for newtons, contact_ms, toe_off_ms in ((20, -3.2, 9.3), (100, 3.5, -10.5)):
            condition = f"{newtons} N instead of 50 N"
            assert bias(gate[condition, "initial_contact_by_threshold_ms"]) == pytest.approx(contact_ms, abs=1)
            assert bias(gate[condition, "toe_off_by_threshold_ms"]) == pytest.approx(toe_off_ms, abs=2)
            duration_ms = 1000 * bias(gate[condition, "contact_time_by_threshold_s"])
            assert duration_ms == pytest.approx(toe_off_ms - contact_ms, abs=2)

    def test_every_metric_of_the_views_is_there_but_what_needs_shoulders(self, gate_rows: list[Row]) -> None:
        measured = {row.metric for row in gate_rows}
        assert set(in_order()) - measured == set(forceplate.NO_TRUTH)
        assert "trunk_lean_deg" in forceplate.NO_TRUTH

    def test_legs_are_near_or_far(self, gate_rows: list[Row]) -> None:
        """From the left the left leg is near; what is no leg's stands with the near one."""
        for row in gate_rows:
            if "-left-" in row.case:
                assert {NEAR: row.side in ("left", "both"), FAR: row.side == "right"}[
                    row.condition.partition(", by ")[0]
                ]

    def test_rows_are_the_same_again(self, gate_rows: list[Row]) -> None:
        case = forceplate.cases("gate", folder=forceplate.FOLDER)[0]
        again = case.run()
        assert again == [row for row in gate_rows if row.case == case.name]


def test_what_the_testing_cases_are() -> None:
    """Each camera, frame rate and noise, some noise draws each; all by different names."""
    if not forceplate.recorded_runs(forceplate.FOLDER):
        pytest.skip(f"the force-plate recordings aren't part of the project; they would lie in {forceplate.FOLDER}")
    cases = forceplate.cases("testing", folder=forceplate.FOLDER)
    assert len({case.name for case in cases}) == len(cases)
    conditions = {case.condition for case in cases}
    for fps in (24, 30, 60, 120, 240):
        assert {f"{where}, {fps} fps, 8 mm noise" for where in ("side, near leg", "rear", "front")} <= conditions
    assert {NEAR.replace("8 mm noise", noise) for noise in ("exact", "15 mm noise")} <= conditions
    assert all(path.is_file() for case in cases for path in case.files)
    assert all(len(case.files) >= 2 for case in cases if "RBDS001" in case.name), "the run and its static trial"
    seeds = [
        {case.run.args[4] for case in forceplate.cases(use) if "8mm" in case.name} for use in ("tuning", "testing")
    ]  # type: ignore[attr-defined]
    assert not seeds[0] & seeds[1]


def test_another_persons_markers_give_their_cadence() -> None:
    """155.5 steps/min of the data's description."""
    cases = [case for case in forceplate.cases("testing") if case.condition.startswith("side, 30 fps, 8 mm noise, ano")]
    if not cases:
        pytest.skip(f"the recordings aren't part of the project; they would lie in {forceplate.FOLDER}")
    (row,) = cases[0].run()
    assert row.truth == pytest.approx(155.5, abs=0.1)
    assert row.estimate == pytest.approx(row.truth, abs=0.1)
    assert row.covered


class TestWithoutData:
    def test_a_folder_without_recordings_is_told(self, tmp_path: Path) -> None:
        suite = forceplate.suite(tmp_path)
        assert suite.missing() == f"{tmp_path} holds no run with its forces and static trial"
        assert suite.cases("testing") == []

    def test_nothing_beside_the_project_and_nothing_downloaded(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(forceplate, "FOLDER", tmp_path / "rbds")
        monkeypatch.setenv("GAIT_CACHE_DIR", str(tmp_path / "cache"))
        assert "are neither in" in forceplate.SUITE.missing()
        assert forceplate.SUITE.cases("testing") == []

    def test_it_can_be_sent_to_a_worker(self, tmp_path: Path) -> None:
        assert pickle.loads(pickle.dumps(forceplate.suite(tmp_path))).name == "forceplate"


def test_settings_have_names() -> None:
    names = [setting.name for setting in forceplate.SETTINGS]
    assert len(set(names)) == len(names)
    assert names[2] == "60 fps, 8 mm noise"
    assert np.isin(["60 fps, exact", "30 fps, 15 mm noise"], names).all()
