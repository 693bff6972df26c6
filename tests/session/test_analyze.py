"""Clips of one simulated run, early and late, from the side and from the rear."""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np
import pytest

import gait
from gait.config import Config
from gait.errors import ConfigError
from gait.model import Analysis, DriftEntry, Session, SessionClip, Track
from gait.scene import only, upright
from gait.session.analyze import session_of
from gait.simulate.camera import Camera
from gait.simulate.film import film
from gait.simulate.keypoint_noise import KeypointNoise
from gait.simulate.run import simulate_run
from gait.simulate.runner import Runner
from gait.simulate.sampling import Sampling
from gait.simulate.variation import Change, Variation

AT_S, CLIP_S, RUN_S = (30.0, 330.0, 630.0), 25.0, 660.0
CADENCE = (Change("cadence_spm", -8.0, from_s=30.0, to_s=650.0),)


@lru_cache(maxsize=4)
def whole_run(view: Any, changes: tuple[Change, ...] = ()) -> Track:
    run = simulate_run(Runner(), RUN_S, changes=changes, variation=Variation(alpha=0.75), seed=5)
    noise = KeypointNoise(jitter_leg_lengths=0.006)
    camera = Camera.from_view(view)
    return film(run, camera, Sampling(fps=30), noise, start_s=AT_S[0], duration_s=RUN_S - AT_S[0] - 2, seed=5).track


def clips_of(whole: Track) -> list[Track]:
    time_s = whole.video.file_time_s
    starts = [np.searchsorted(time_s, time_s[0] + at_s - AT_S[0]) for at_s in AT_S]
    return [only(whole, (int(i), int(i + 30 * CLIP_S))) for i in starts]


@lru_cache(maxsize=4)
def analysed(view: str, changes: tuple[Change, ...] = ()) -> tuple[Analysis, ...]:
    return tuple(gait.analyze_track(clip) for clip in clips_of(whole_run(view, changes)))


def session(analyses: Sequence[Analysis], **said: Any) -> Session:
    clips = [SessionClip(analysis, at_s) for analysis, at_s in zip(analyses, AT_S, strict=True)]
    for name, values in said.items():
        clips = [replace(clip, **{name: value}) for clip, value in zip(clips, values, strict=True)]
    return session_of(clips, Config())


def entry(found: Session, name: str) -> DriftEntry:
    return next(entry for entry in found.runs[0].analysis.drift.entries if entry.name == name)


def test_a_change_over_the_run_is_found_and_nothing_else() -> None:
    found = session(analysed("left", CADENCE))
    (run,) = found.runs
    assert (run.clips, run.apart, found.notes) == ((0, 1, 2), "", ())
    cadence = entry(found, "cadence_spm")
    assert cadence.verdict == "drifted"
    # Early and late are the first and the last clip: 600 of the 620 s in which it falls by 8 lie between them.
    assert cadence.ci95[0] < -8 * 600 / 620 < cadence.ci95[1]
    assert cadence.ci95[1] < 0
    drifted = {one.name for one in run.analysis.drift.entries if one.verdict == "drifted"}
    # Longer steps push off further behind. The foot strike angle is read where it turns fastest, and follows a cadence
    # that changes by 5 % by one degree (docs/method.md).
    assert drifted - {"foot_strike_angle_deg"} == {"cadence_spm", "stride_time_s", "thigh_extension_at_toe_off_deg"}
    assert run.finding is not None
    assert run.finding.text.startswith("Changed over the clip: cadence by -")  # short of eleven minutes


def test_times_are_those_of_the_run() -> None:
    (run,) = session(analysed("left", CADENCE)).runs
    strides = run.analysis.metrics.values
    near = strides[(strides["side"] == "left") & (strides["rejected"] == "")]["time_s"].to_numpy()
    assert near[0] == pytest.approx(AT_S[0], abs=1.5)
    assert near[-1] == pytest.approx(AT_S[-1] + CLIP_S, abs=2.5)
    inside = [((near > at_s) & (near < at_s + CLIP_S)).sum() for at_s in AT_S]
    assert sum(inside) == len(near)
    assert min(inside) > 25
    drift = run.analysis.drift
    assert drift.early_s is not None
    assert drift.early_s[0] == pytest.approx(AT_S[0], abs=1.5)


def test_strides_are_as_the_clips_by_themselves_show_them() -> None:
    """Joining changes nothing in a value but what is estimated from more strides."""
    analyses = analysed("left", CADENCE)
    joined = session(analyses).runs[0].analysis.metrics.values
    for analysis, at_s in zip(analyses, AT_S, strict=True):
        alone = analysis.metrics.values
        for name, tolerance in (
            ("cadence_spm", 0.5),
            ("trunk_lean_deg", 0.5),
            ("ankle_to_hip_at_contact_leg_lengths", 0.01),
        ):
            means = [
                table[(table["rejected"] == "") & (table["side"] == "left") & table["time_s"].between(low, high)][
                    name
                ].mean()
                for table, low, high in ((alone, -np.inf, np.inf), (joined, at_s, at_s + CLIP_S))
            ]
            assert means[0] == pytest.approx(means[1], abs=tolerance)


def test_a_camera_that_was_turned_between_clips_changes_no_trunk() -> None:
    """By itself each clip is levelled, as well as its roll can be told; together they would lean by the difference."""
    first, *others = clips_of(whole_run("left"))
    turned = [gait.analyze_track(clip) for clip in (first, *(upright(clip, 3.0) for clip in others))]
    drift = session(turned).runs[0].analysis.drift
    assert "the camera turned" in drift.voided
    assert next(one for one in drift.entries if one.name == "trunk_lean_deg").verdict == "can't tell"


def test_one_run_from_each_side_that_two_clips_show() -> None:
    side, rear = analysed("left"), analysed("rear")
    found = session((side[0], rear[1], side[2]))
    assert [run.clips for run in found.runs] == [(0, 2)]
    found = session_of(
        [SessionClip(a, t) for a, t in ((side[0], 30), (rear[0], 60), (side[2], 630), (rear[2], 660))], Config()
    )
    assert [(run.clips, run.analysis.scene.view) for run in found.runs] == [((0, 2), "left"), ((1, 3), "rear")]
    found = session_of([SessionClip(side[0], 30), SessionClip(rear[1], 330)], Config())
    assert found.runs == ()
    assert "nothing can be compared" in found.notes[0]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"width_px": 640}, "has another size"),
        ({"fps": 25}, "has another frame rate"),
    ],
)
def test_clips_that_cant_be_joined_tell_what_is_of_time_alone(change: dict[str, Any], told: str) -> None:
    first, second, third = analysed("left", CADENCE)
    other = replace(third, video=replace(third.video, **change))
    (run,) = session((first, second, other)).runs
    assert told in run.apart
    assert {one.name for one in run.analysis.drift.entries} == {"cadence_spm", "stride_time_s"}
    assert {one.verdict for one in run.analysis.drift.entries} == {"drifted"}


def test_a_runner_of_another_size_was_filmed_from_elsewhere() -> None:
    first, second, third = clips_of(whole_run("left"))
    nearer = third.with_xy(third.xy * 1.25)
    (run,) = session([gait.analyze_track(clip) for clip in (first, second, nearer)]).runs
    assert "the camera was moved" in run.apart


def test_clips_without_strides_are_left_out() -> None:
    first, second, third = analysed("left")
    nobody = gait.analyze_track(only(second.raw_track, (0, 20)))
    nobody = replace(nobody, scene=first.scene)
    found = session((first, nobody, third))
    assert found.runs[0].clips == (0, 2)
    assert "left out" in found.notes[0]


def test_said_speeds_are_taken_out() -> None:
    analyses = analysed("left", CADENCE)
    (same,) = session(analyses, speed_mps=(3.0, 3.0, 3.0)).runs
    assert same.analysis.drift.belt == ""
    assert entry(session(analyses, speed_mps=(3.0, 3.0, 3.0)), "cadence_spm").verdict == "drifted"
    (faster,) = session(analyses, speed_mps=(3.0, 3.3, 3.0)).runs
    assert faster.analysis.drift.belt == (
        "The belt was set to 10.8, 11.9, 10.8 km/h; every change is told at the same speed."
    )
    assert "can't be told from drift" not in faster.analysis.drift.voided


@pytest.mark.parametrize("speeds", [(3.2, 3.1, 3.0), (3.0, 3.0, None)])
def test_a_belt_that_was_set_along_with_the_time_voids_everything(speeds: tuple[float | None, ...]) -> None:
    """Cadence, too: it changes with the belt. Where one speed wasn't said, none is used."""
    analyses = analysed("left", CADENCE)
    (run,) = session(analyses, speed_mps=speeds).runs
    if None in speeds:
        assert run.analysis.drift.voided == ""
        return
    assert "was set to 11.5, 11.2, 10.8 km/h" in run.analysis.drift.voided
    assert {one.verdict for one in run.analysis.drift.entries} == {"can't tell"}


def test_shoes_and_incline_are_mentioned() -> None:
    found = session(analysed("left"), shoes=("old", "old", "new"), incline_pct=(None, 1.0, 1.0))
    assert len(found.notes) == 2
    assert "The incline was 0 %, and 1 % by 6 minutes into the run" in found.notes[0]
    assert "The shoes were changed by 10 minutes into the run (old, then new)" in found.notes[1]


def test_clips_that_overlap_are_refused() -> None:
    first, second, _ = analysed("left")
    with pytest.raises(ConfigError, match=r"can't begin 40 s into the run: .* lasts until 55 s; check the times"):
        session_of([SessionClip(first, 30.0), SessionClip(second, 40.0)], Config())


def test_a_single_clip_is_no_session() -> None:
    with pytest.raises(ConfigError, match="two clips or more"):
        gait.analyze_session([gait.RunClip(path=__file__, run_s=0.0)])  # type: ignore[arg-type]
