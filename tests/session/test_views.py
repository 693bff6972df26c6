"""One run filmed from the side and from behind at once: what is carried over, compared, and shown as one table."""

from __future__ import annotations

import itertools
from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest

import gait
from gait.config import Config
from gait.events import step_timing
from gait.events.borrowed import bounce_lowest
from gait.model import SIDES, Analysis, Quantity, SessionClip
from gait.session.analyze import session_of
from gait.session.views import agreements, pair_of, paired, timing_of
from gait.signals import harmonics
from gait.simulate.camera import Camera
from gait.simulate.film import film
from gait.simulate.keypoint_noise import KeypointNoise
from gait.simulate.run import Run, simulate_run
from gait.simulate.runner import Runner
from gait.simulate.sampling import Sampling
from gait.simulate.truth import clip_truth

FROM_S = {"left": 1.0, "rear": 1.37}  # two phones, started by hand
CLIP_S = 16.0


@lru_cache(maxsize=2)
def run(cadence_spm: float = 168.0) -> Run:
    """A runner whose contacts are long, so that a usual runner's offsets don't fit."""
    return simulate_run(Runner(cadence_spm=cadence_spm, duty_factor=0.40), 20.0, seed=3)


@lru_cache(maxsize=8)
def analysed(view: str, cadence_spm: float = 168.0) -> Analysis:
    return gait.analyze_track(track(view, cadence_spm))


def track(view: str, cadence_spm: float = 168.0) -> gait.Track:
    noise = KeypointNoise(jitter_leg_lengths=0.006)
    filmed = film(
        run(cadence_spm), Camera.from_view(view), Sampling(fps=30), noise,  # type: ignore[arg-type]
        start_s=FROM_S[view], duration_s=CLIP_S, seed=7,
    )  # fmt: skip
    return filmed.track


@lru_cache(maxsize=1)
def borrowing() -> Analysis:
    timing = step_timing(analysed("left"))
    assert timing is not None
    return gait.pipeline.analyze_track(track("rear"), timing=timing)


def clip(view: str, run_s: float = 0.0, cadence_spm: float = 168.0) -> SessionClip:
    return SessionClip(analysed(view, cadence_spm), run_s)


def contact_time(analysis: Analysis, side: str) -> tuple[float, float, bool]:
    """Estimate, half-width, and whether it is shown."""
    summary = analysis.metrics.get("contact_time_s", side)  # type: ignore[arg-type]
    assert summary is not None
    if summary.estimate is None or summary.ci95 is None:
        assert summary.unshown is not None
        assert summary.too_wide is not None
        return summary.unshown, summary.too_wide, False
    return summary.estimate, (summary.ci95[1] - summary.ci95[0]) / 2, True


@pytest.mark.parametrize("side", SIDES)
def test_from_behind_landings_are_known_as_from_the_side(side: str) -> None:
    """Alone the rear view withholds the contact time; with the side's timing it is told, and within its interval."""
    true_s = clip_truth(run())["contact_time_s", side]  # type: ignore[index]
    assert not contact_time(analysed("rear"), side)[2]
    told_s, half_s, shown = contact_time(borrowing(), side)
    assert shown
    assert abs(told_s - true_s) <= half_s
    assert told_s == pytest.approx(contact_time(analysed("left"), side)[0], abs=0.012)
    events = borrowing().events
    chosen = events.select("initial_contact", side)  # type: ignore[arg-type]
    true_contacts = run().contact_s[side]  # type: ignore[index]
    off_s = [float(np.abs(true_contacts - time_s).min()) for time_s in events.time_s[chosen]]
    assert np.median(off_s) < 0.012
    assert set(np.array(events.method)[chosen]) == {f"as {analysed('left').provenance.file_name} shows it"}


@pytest.mark.parametrize("lowest", [0.02, 0.25, 0.49])
def test_the_bounce_is_lowest_where_it_is(lowest: float) -> None:
    """Whatever else is in the height: its mean, a limp, a high harmonic."""
    grid = np.arange(400) / 400
    height = (
        7 - 3 * np.cos(4 * np.pi * (grid - lowest)) + 0.4 * np.cos(2 * np.pi * grid) + 0.2 * np.sin(12 * np.pi * grid)
    )
    series = np.linalg.lstsq(harmonics(grid, 8), height, rcond=None)[0]
    assert bounce_lowest(series[None])[0] == pytest.approx(lowest, abs=1e-9)


def test_clips_are_paired_with_the_nearest_of_the_other_view() -> None:
    clips = [clip("left", 0.0), clip("rear", 100.0), clip("left", 900.0), clip("rear", 800.0)]
    assert paired(clips) == [(0, 1), (2, 3)]
    assert paired([clip("left"), clip("left")]) == []
    assert paired([clip("rear"), clip("rear")]) == []


def test_other_running_is_told_and_nothing_is_carried_over() -> None:
    timing, why_not = timing_of(clip("left"), clip("rear", cadence_spm=178.0))
    assert timing is None
    assert "168 and 17" in why_not
    told = agreements(clip("left"), clip("rear", cadence_spm=178.0))
    assert [one.agrees for one in told if one.name == "cadence_spm"] == [False]
    pair = pair_of([clip("left"), clip("rear", cadence_spm=178.0)], (0, 1), told, why_not)
    assert not pair.borrowed
    assert pair.note == why_not


def test_what_both_tell_agrees_though_one_is_too_wide_to_be_shown() -> None:
    told = agreements(clip("left"), clip("rear"))
    assert [(one.name, one.side) for one in told] == [
        ("cadence_spm", "both"), ("contact_time_s", "left"), ("contact_time_s", "right"),
    ]  # fmt: skip
    assert all(one.agrees for one in told)
    far = replace(told[0], from_frontal=Quantity(150.0, 0.2, ""))
    assert far.from_side.value == pytest.approx(168.0, abs=0.3)


def test_one_table_has_the_better_view_of_each_value() -> None:
    clips = [clip("left"), SessionClip(borrowing(), 0.0)]
    pair = pair_of(clips, (0, 1), agreements(clip("left"), clip("rear")), "")
    assert pair.borrowed
    assert not pair.note
    seen = {(summary.name, summary.side): number for summary, number in pair.table}
    assert seen["ankle_to_hip_at_contact_leg_lengths", "left"] == 0
    assert seen["femoral_adduction_deg", "right"] == 1
    assert seen["contact_time_s", "left"] == 0
    shown = {(s.name, s.side) for each in clips for s in each.analysis.metrics.summary if s.estimate is not None}
    assert set(seen) == shown
    for summary, number in pair.table:
        for i, other in itertools.product((0, 1), (summary.name,)):
            twin = clips[i].analysis.metrics.get(other, summary.side)
            if i != number and twin is not None and twin.ci95 is not None and summary.ci95 is not None:
                assert np.ptp(twin.ci95) >= np.ptp(summary.ci95)


def test_a_session_of_two_views_needs_no_second_clip_of_either() -> None:
    clips = [clip("left"), clip("rear")]
    pair = pair_of(clips, (0, 1), agreements(*clips), "")
    session = session_of(clips, Config(), (pair,))
    assert session.pairs == (pair,)
    assert session.runs == ()
    assert session.notes == ()
    assert session_of(clips, Config()).notes != ()
