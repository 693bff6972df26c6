"""Early against late: programmed changes are told with their sign, chance isn't."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from gait.fatigue import FatigueRules, Unchanging, find_drift, line_over_run, smallest_found
from gait.fatigue.drift import NOTE, SHORT
from gait.findings import load_evidence
from gait.metrics import REGISTRY
from gait.model import Analysis, Drift, DriftEntry, MetricSummary, MetricTable
from gait.simulate.variation import fractional_noise

Array = NDArray[np.float64]
NAME = "trunk_lean_deg"
RUN = {"duration_s": 30.0, "stride_cv": 0.01, "noise_px": 2.0}  # uneven strides, 5 mm of noise


def table_of(values: Array, *, name: str = NAME, rejected: str = "", estimate: float | None = 0.0) -> MetricTable:
    """A metric of one value per stride of 0.7 s, shown where an estimate is given."""
    start = 0.7 * np.arange(len(values))
    rows = pd.DataFrame(
        {"side": "right", "time_s": start, "end_s": start + 0.7, "rejected": rejected, name: values.astype(np.float64)}
    )
    ci95 = None if estimate is None else (estimate - 1, estimate + 1)
    summary = MetricSummary(name, "both", estimate, ci95, len(values), "A", "" if ci95 else "withheld")
    return MetricTable(rows, {name: REGISTRY[name].info}, (summary,))


USEFUL = load_evidence().largest_useful


def drift_of(table: MetricTable, rules: FatigueRules | None = None, unchanging: Unchanging | None = None) -> Drift:
    return find_drift(table, unchanging or Unchanging(), rules or FatigueRules(), largest_useful=USEFUL)


def only(drift: Any) -> DriftEntry:
    assert len(drift.entries) == 1
    entry: DriftEntry = drift.entries[0]
    return entry


def entry_of(analysis: Analysis, name: str, side: str = "both") -> DriftEntry:
    found = [entry for entry in analysis.drift.entries if (entry.name, entry.side) == (name, side)]
    assert len(found) == 1
    return found[0]


class TestOnATable:
    def test_first_and_last_third_are_compared(self) -> None:
        drift = drift_of(table_of(np.r_[np.full(10, 1.0), np.full(10, 5.0), np.full(10, 4.0)]), FatigueRules())
        entry = only(drift)
        assert (entry.early, entry.late, entry.change) == (1.0, 4.0, 3.0)
        assert (entry.n_early, entry.n_late) == (10, 10)
        assert drift.early_s == pytest.approx((0, 7))
        assert drift.late_s == pytest.approx((14, 21))
        assert drift.note == SHORT + NOTE

    @pytest.mark.parametrize("sign", [-1, 1])
    def test_a_change_is_told_with_its_sign(self, sign: int) -> None:
        """Two standard deviations between 20 and 20 strides: six standard errors."""
        values = np.random.default_rng(0).normal(0, 1, 60) + sign * np.repeat([0.0, 1.0, 2.0], 20)
        entry = only(drift_of(table_of(values)))
        assert np.sign(entry.change) == sign
        assert entry.ci95[0] <= 2 * sign <= entry.ci95[1]
        assert not entry.ci95[0] <= 0 <= entry.ci95[1]

    @pytest.mark.parametrize("n", [18, 60])
    def test_no_change_lies_in_its_interval(self, n: int) -> None:
        """At least 95 % of 100 stationary runs, but for chance; few strides tell little of their memory."""
        rng = np.random.default_rng(1)
        inside = 0
        for _ in range(100):
            low, high = only(drift_of(table_of(rng.normal(0, 1, n)))).ci95
            inside += low <= 0 <= high
        assert inside / 100 >= 0.92

    def test_the_share_is_a_setting(self) -> None:
        drift = drift_of(table_of(np.arange(40.0)), FatigueRules(share=0.2))
        assert (only(drift).n_early, only(drift).n_late) == (8, 8)

    def test_what_never_changes_has_no_width(self) -> None:
        entry = only(drift_of(table_of(np.full(30, 7.0))))
        assert (entry.change, entry.ci95) == (0.0, (0.0, 0.0))

    def test_withheld_metrics_are_not_compared(self) -> None:
        drift = drift_of(table_of(np.arange(30.0), estimate=None))
        assert drift.entries == ()

    def test_rejected_and_unread_strides_do_not_count(self) -> None:
        values = np.arange(30.0)
        values[:3] = np.nan
        assert only(drift_of(table_of(values))).n_early == 7
        nothing = drift_of(table_of(values, rejected="stumble"))
        assert (nothing.entries, nothing.early_s, nothing.note) == ((), None, "There are no strides to compare.")

    def test_too_few_strides_are_told(self) -> None:
        drift = drift_of(table_of(np.arange(12.0)))
        assert drift.entries == ()
        assert "5 good strides are needed in the first and in the last third. Film 20 seconds or more" in drift.note

    def test_a_side_is_compared_with_itself(self) -> None:
        table = table_of(np.r_[np.zeros(15), np.ones(15)])
        rows = table.values.copy()
        rows["side"] = ["left", "right"] * 15
        rows.loc[rows["side"] == "left", NAME] *= 5
        summary = tuple(MetricSummary(NAME, side, 0.0, (-1.0, 1.0), 15, "A") for side in ("left", "right"))
        drift = drift_of(MetricTable(rows, table.info, summary))
        assert {entry.side: entry.change for entry in drift.entries} == {"left": 5.0, "right": 1.0}


class TestOnARun:
    """First third against last third: two thirds of a change that goes on from the first to the last second."""

    @pytest.mark.parametrize("change_deg", [-4.0, 4.0])
    def test_lean(self, synthetic_analysis: Callable[..., Analysis], change_deg: float) -> None:
        entry = entry_of(synthetic_analysis("right", lean_change_deg=change_deg, **RUN), "trunk_lean_deg")
        assert entry.change == pytest.approx(change_deg * 2 / 3, abs=0.4)
        assert np.sign(entry.ci95[0]) == np.sign(entry.ci95[1]) == np.sign(change_deg)

    def test_cadence(self, synthetic_analysis: Callable[..., Analysis]) -> None:
        """8 spm faster in 30 s; the strides' own unevenness of 1 % allows 0.5 spm for each part. The made-up foot goes
        the same way in every stride, so the belt is 5 % faster too, and the cadence may come from that."""
        analysis = synthetic_analysis("right", cadence_change_spm=8.0, **RUN)
        entry = entry_of(analysis, "cadence_spm")
        assert entry.change == pytest.approx(8 * 2 / 3, abs=2.0)
        assert entry.ci95[0] > 0
        assert "the belt's speed changed by +" in analysis.drift.voided
        assert entry.verdict == "can't tell"

    @pytest.mark.parametrize("alpha", [0.5, 0.75])
    def test_a_change_beyond_chance_is_called_drift(self, alpha: float) -> None:
        """Of 20 minutes, in which the last ten lean more and more, by five standard deviations at the end."""
        n = 1700
        noise = fractional_noise(n, alpha=alpha, rng=np.random.default_rng(0))
        ramp = np.maximum(np.arange(n) - n / 2, 0) / (n / 2)
        entry = only(drift_of(table_of(5.0 + noise + 5 * ramp)))
        assert entry.verdict == "drifted"
        assert entry.q is not None
        assert entry.q < 0.05
        assert entry.begins_s is not None
        assert entry.begins_s[0] <= 0.7 * n / 2 <= entry.begins_s[2]
        assert entry.begins_s[1] == pytest.approx(0.7 * n / 2, abs=120)
        assert entry.per_10_min_ci95 is not None
        assert entry.per_10_min_ci95[0] > 0
        quiet = only(drift_of(table_of(5.0 + noise)))
        assert (quiet.verdict, quiet.begins_s) == ("stable", None)
        assert quiet.detectable is not None
        assert quiet.detectable > 0

    def test_strides_that_could_not_show_a_change_are_not_called_stable(self) -> None:
        noise = 20 * np.random.default_rng(1).standard_normal(60)
        entry = only(drift_of(table_of(noise)))
        assert entry.verdict == "can't tell"
        assert "some 20 minutes" in entry.reason  # see below

    def test_what_is_said_to_be_enough_is_enough(self) -> None:
        """Of the same scatter and memory, half of it isn't."""
        rng = np.random.default_rng(3)
        for minutes, enough in ((20, True), (1.5, False)):
            entry = only(drift_of(table_of(20 * rng.standard_normal(round(minutes * 60 / 0.7)))))
            assert (entry.verdict == "stable") is enough

    def test_no_run_is_long_enough_for_strides_that_wander_for_ever(self) -> None:
        noise = 8 * fractional_noise(400, alpha=0.99, rng=np.random.default_rng(2))
        entry = only(drift_of(table_of(noise)))
        assert entry.verdict == "can't tell"
        assert "for any run to show" in entry.reason

    def test_the_more_metrics_the_more_it_takes(self) -> None:
        """A change that is just beyond chance by itself isn't, beside many that don't change."""
        rng = np.random.default_rng(3)
        noise = [rng.standard_normal(400) for _ in range(8)]
        alone = drift_of(table_of(noise[0] + 0.45 * np.linspace(0, 1, 400)))
        assert alone.entries[0].verdict == "drifted"
        names = [*[name for name, metric in REGISTRY.items() if not metric.info.per_side][:4], NAME]
        names = list(dict.fromkeys(names))
        rows = table_of(noise[0] + 0.45 * np.linspace(0, 1, 400)).values
        rows = rows.assign(**{name: noise[i + 1] for i, name in enumerate(names) if name != NAME})
        summary = tuple(MetricSummary(name, "both", 0.0, (-1.0, 1.0), 400, "A") for name in names)
        table = MetricTable(rows, {name: REGISTRY[name].info for name in names}, summary)
        beside = next(entry for entry in drift_of(table).entries if entry.name == NAME)
        assert beside.p == pytest.approx(alone.entries[0].p, rel=1e-6)
        assert beside.q is not None
        assert beside.p is not None
        assert beside.q > beside.p

    def test_a_belt_that_changed_outside_of_a_metrics_strides_does_not_matter(self) -> None:
        noise = np.random.default_rng(4).standard_normal(200)
        late = Unchanging(time_s=np.array([0.0, 500.0, 501.0, 600.0]), speed=np.array([1.0, 1.0, 1.05, 1.05]))
        plain, beside = (only(drift_of(table_of(noise), unchanging=each)) for each in (None, late))
        assert beside == plain

    def test_what_both_legs_tell_counts_once(self) -> None:
        """Strides of left and right share half of their time."""
        noise = np.random.default_rng(5).standard_normal(200)
        rows = table_of(noise).values
        both = pd.concat([rows, rows.iloc[:-1].assign(side="left", time_s=rows["time_s"] + 0.35)])
        table = replace(table_of(noise), values=both)
        twice, once = only(drift_of(table)), only(drift_of(table_of(noise)))
        assert (twice.n_early, twice.n_late) == (once.n_early, once.n_late)
        assert twice.p == pytest.approx(once.p, rel=1e-6)

    def test_what_would_have_been_found_allows_for_the_other_metrics(self) -> None:
        noise = np.random.default_rng(6).standard_normal(400)
        change = line_over_run(np.arange(400.0), noise)
        assert smallest_found(change, 20) > 1.3 * smallest_found(change, 1) > change.interval()[1] - change.value

    def test_knees(self, synthetic_analysis: Callable[..., Analysis]) -> None:
        """3 cm further inward over a thigh and shank of 0.44 m each turns the line by 2 atan(0.03 / 0.42) x 2/3."""
        analysis = synthetic_analysis("rear", knee_medial_change_m=0.03, **RUN)
        for side in ("left", "right"):
            entry = entry_of(analysis, "frontal_plane_projection_deg", side)
            assert entry.change == pytest.approx(2 * np.degrees(np.arctan(0.03 / 0.42)) * 2 / 3, abs=1.2)
            assert entry.ci95[0] > 0

    @pytest.mark.parametrize("view", ["right", "rear"])
    def test_a_steady_run_shows_no_change(self, synthetic_analysis: Callable[..., Analysis], view: str) -> None:
        """All intervals but one at most hold 0: of up to eight, 95 % of them by chance."""
        entries = synthetic_analysis(view, **RUN).drift.entries
        assert len(entries) >= 3
        assert sum(not entry.ci95[0] <= 0 <= entry.ci95[1] for entry in entries) <= 1

    def test_what_only_the_folded_cycle_tells_is_not_compared(
        self, synthetic_analysis: Callable[..., Analysis]
    ) -> None:
        """A single stride has no contact time of its own, so there is no early and late one."""
        analysis = synthetic_analysis("right", **RUN)
        shown = analysis.metrics.get("contact_time_s", "right")
        assert shown is not None
        assert shown.estimate is not None
        assert {entry.name for entry in analysis.drift.entries}.isdisjoint(
            {"contact_time_s", "flight_time_s", "duty_factor", "step_time_s"}
        )
