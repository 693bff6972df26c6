"""Clips of one simulated run, early and late, from the side and from the rear."""

from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np
import pytest
from simulated_run import AT_S, CADENCE, CLIP_S, analysed, clips_of, session

import gait
from gait.config import Config
from gait.errors import ConfigError
from gait.model import DriftEntry, Session, SessionClip
from gait.scene import only, upright
from gait.session.analyze import session_of


@lru_cache(maxsize=1)
def changing() -> Session:
    return session(analysed("left", CADENCE))


def entry(found: Session, name: str) -> DriftEntry:
    return next(entry for entry in found.runs[0].analysis.drift.entries if entry.name == name)


def test_a_change_over_the_run_is_found_and_nothing_else() -> None:
    found = changing()
    (run,) = found.runs
    assert (run.clips, run.apart, found.notes) == ((0, 1, 2), "", ())
    cadence = entry(found, "cadence_spm")
    assert cadence.verdict == "drifted"
    # Early and late are the first and the last clip: 700 of the 720 s in which it falls by 12 lie between them.
    assert cadence.ci95[0] < -12 * 700 / 720 < cadence.ci95[1]
    assert cadence.ci95[1] < 0
    drifted = {one.name for one in run.analysis.drift.entries if one.verdict == "drifted"}
    assert {"cadence_spm", "stride_time_s"} <= drifted
    # Longer steps push off further behind. The foot strike angle is read where it turns fastest, and follows a cadence
    # that changes by 7 % by one or two degrees (docs/method.md).
    assert drifted <= {"cadence_spm", "stride_time_s", "thigh_extension_at_toe_off_deg", "foot_strike_angle_deg"}
    assert run.finding is not None
    assert run.finding.text.startswith("Changed over the run: cadence by -")


def test_times_are_those_of_the_run() -> None:
    (run,) = changing().runs
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
    joined = changing().runs[0].analysis.metrics.values
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
    first, *others = clips_of("left")
    turned = [gait.analyze_track(clip) for clip in (first, *(upright(clip, 3.0) for clip in others))]
    drift = session(turned).runs[0].analysis.drift
    assert "the camera turned" in drift.voided
    assert next(one for one in drift.entries if one.name == "trunk_lean_deg").verdict == "can't tell"


def test_one_run_from_each_side_that_two_clips_show() -> None:
    side, rear = analysed("left"), analysed("rear")
    found = session_of(
        [SessionClip(a, t) for a, t in ((side[0], 30), (rear[0], 60), (side[2], 730), (rear[2], 760))], Config()
    )
    assert [(run.clips, run.analysis.scene.view) for run in found.runs] == [((0, 2), "left"), ((1, 3), "rear")]
    found = session_of([SessionClip(side[0], 30), SessionClip(rear[1], 380)], Config())
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
    first, second, third = clips_of("left")
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
    assert "The shoes were changed by 12 minutes into the run (old, then new)" in found.notes[1]


def test_clips_that_overlap_are_refused() -> None:
    first, second, _ = analysed("left")
    with pytest.raises(ConfigError, match=r"can't begin 40 s into the run: .* lasts until 55 s; check the times"):
        session_of([SessionClip(first, 30.0), SessionClip(second, 40.0)], Config())


def test_a_single_clip_is_no_session() -> None:
    with pytest.raises(ConfigError, match="two clips or more"):
        gait.analyze_session([gait.RunClip(path=__file__, run_s=0.0)])  # type: ignore[arg-type]
