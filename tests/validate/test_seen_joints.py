"""Errors put into keypoints on purpose come out as large as they are."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from gait.model import FloatArray, Track
from gait.simulate import Camera, Filmed, Run, Runner, Sampling, film, simulate_run
from gait.validate.compare import Place
from gait.validate.seen_joints import joint_rows


@pytest.fixture(scope="module")
def run() -> Run:
    return simulate_run(Runner(), 6, seed=2)


@pytest.fixture(scope="module")
def filmed(run: Run) -> Filmed:
    return film(run, Camera.from_view("right"), Sampling(fps=50), seed=2)


def found(run: Run, filmed: Filmed, xy: FloatArray) -> dict[str, float | None]:
    """Every row's estimate, for keypoints at `xy`."""
    true_px = {name: filmed.true_xy[:, k].astype(np.float64) for k, name in enumerate(filmed.track.skeleton.names)}
    track: Track = replace(filmed.track, xy=xy.astype(np.float32))
    leg_px = float(filmed.leg_length_px.mean())
    rows = joint_rows(
        Place("video", "a", "k"), track, true_px, time_s=filmed.time_s, events=run, leg_px=leg_px, near_side="right"
    )
    return {row.metric: row.estimate for row in rows}


def test_exact_keypoints_are_exact(run: Run, filmed: Filmed) -> None:
    rows = found(run, filmed, filmed.true_xy)
    assert rows["person_found"] == rows["legs_not_exchanged"] == 1
    assert all(rows[f"{joint}_off_leg_lengths"] == 0 for joint in ("hip", "knee", "ankle", "heel", "foot_index"))
    assert rows["shank_length_variation"] == pytest.approx(0.01, abs=0.02)  # perspective alone


def test_a_joint_that_is_off_is_told_by_how_much(run: Run, filmed: Filmed) -> None:
    xy = np.array(filmed.true_xy)
    leg_px = float(filmed.leg_length_px.mean())
    xy[:, filmed.track.skeleton.index("right_ankle"), 1] += 0.05 * leg_px
    xy[:, filmed.track.skeleton.index("left_knee"), 0] += 0.30 * leg_px  # the far leg isn't looked at
    rows = found(run, filmed, xy)
    assert rows["ankle_off_leg_lengths"] == pytest.approx(0.05, rel=1e-3)
    assert rows["knee_off_leg_lengths"] == 0


def test_exchanged_legs_and_frames_without_a_person_are_counted(run: Run, filmed: Filmed) -> None:
    """An exchange can't be told where the legs lie on each other, some 15 % of the frames."""
    xy = np.array(filmed.true_xy)
    names = filmed.track.skeleton
    exchanged = np.arange(len(xy)) % 4 == 0
    for joint in ("knee", "ankle", "heel", "foot_index"):
        left, right = names.index(f"left_{joint}"), names.index(f"right_{joint}")
        xy[np.ix_(exchanged, [left, right])] = xy[np.ix_(exchanged, [right, left])]
    xy[-30:] = np.nan
    rows = found(run, filmed, xy)
    assert rows["person_found"] == pytest.approx(1 - 30 / len(xy))
    assert 0.74 < (rows["legs_not_exchanged"] or 0) < 0.82
    assert rows["ankle_off_leg_lengths"] == 0  # exchanged frames don't count as misplaced joints
