"""The force-plate runner: made-up forces and clusters first, then the recording against its published events."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gait.errors import VideoError
from gait.model import SIDES
from gait.validate.forceplate import (
    FORCE_HZ,
    SKELETON,
    ForcePlateRun,
    _carried,
    camera_track,
    force_events,
    load_run,
)

RBDS = Path(__file__).parents[2].parent / "shared" / "data" / "rbds"


class TestForceEvents:
    @settings(max_examples=25, deadline=None)
    @given(first_s=st.floats(0.3, 0.6), contact_s=st.floats(0.18, 0.35), weight_n=st.floats(400, 1100))
    def test_half_sines_begin_and_end_where_they_do(self, first_s: float, contact_s: float, weight_n: float) -> None:
        """A half sine of 2.4 times the weight passes 50 N after contact / pi x asin(50 / peak), 2 to 6 ms; a sample is
        3.3 ms, and the filter rounds the corner by as much."""
        time_s = np.arange(0, 8, 1 / FORCE_HZ)
        starts = first_s + 0.38 * np.arange(18)
        starts = starts[starts + contact_s < 7.8]
        peak_n = 2.4 * weight_n
        force_n = np.zeros_like(time_s)
        for start in starts:
            inside = (time_s >= start) & (time_s <= start + contact_s)
            force_n[inside] = peak_n * np.sin(np.pi * (time_s[inside] - start) / contact_s)
        if contact_s > 0.33:
            return  # then two contacts would touch, which running has not
        contact, toe_off = force_events(force_n)
        assert len(contact) == len(toe_off) == len(starts)
        late = contact_s / np.pi * np.arcsin(50 / peak_n)
        np.testing.assert_allclose(contact, starts + late, atol=0.008)
        np.testing.assert_allclose(toe_off, starts + contact_s - late, atol=0.008)

    def test_a_stumble_on_the_plate_is_no_contact(self) -> None:
        time_s = np.arange(0, 4, 1 / FORCE_HZ)
        force_n = np.where((time_s > 1) & (time_s < 1.25), 900.0, 0.0) + np.where(
            (time_s > 2) & (time_s < 2.04), 300.0, 0
        )
        contact, _ = force_events(force_n)
        assert contact == pytest.approx([1.0], abs=0.01)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_a_point_goes_with_its_cluster(seed: int) -> None:
    """Any rotation and shift, mirrored never."""
    rng = np.random.default_rng(seed)
    rest, point = rng.normal(0, 0.1, (4, 3)), rng.normal(0, 0.2, 3)
    q = np.linalg.qr(rng.normal(size=(6, 3, 3)))[0]
    q[np.linalg.det(q) < 0, :, 0] *= -1
    shift = rng.normal(0, 1, (6, 1, 3))
    moving = np.einsum("nij,mj->nmi", q, rest) + shift
    expected = np.einsum("nij,j->ni", q, point) + shift[:, 0]
    np.testing.assert_allclose(_carried(point, rest, moving), expected, atol=1e-9)


def test_a_missing_file_is_told() -> None:
    with pytest.raises(VideoError, match="is missing; name a folder that holds the RBDS text files"):
        load_run(Path("nowhere"))


def still_body() -> ForcePlateRun:
    """Two seconds of a body that doesn't move: hips 0.2 m apart, everything else 0.1 m lower from joint to joint."""
    time_s = np.arange(0, 2, 1 / 150)
    joints = {}
    for name in SKELETON.names:
        side, joint = name.split("_", 1)
        depth = ("shoulder", "hip", "knee", "ankle", "heel", "foot_index").index(joint)
        point = [0.1 if joint == "foot_index" else 0.0, 1.0 - 0.1 * (depth - 1), -0.1 if side == "left" else 0.1]
        joints[name] = np.tile(point, (len(time_s), 1))
    nothing: dict = {side: np.empty(0) for side in SIDES}
    return ForcePlateRun(time_s, joints, nothing, nothing, 0.0)


class TestCamera:
    def test_hips_are_in_the_middle_and_forward_and_right_are_where_they_should(self) -> None:
        """Forward is image right seen from the right, image left from the left; the runner's right is image right from
        the rear. A foot is 49 px long; perspective moves what is at the picture's middle by 2 px at most."""
        run = still_body()
        for view, toe, right in (("right", 1, 0), ("left", -1, 0), ("rear", 0, 1), ("front", 0, -1)):
            track = camera_track(run, view=view, fps=30)  # type: ignore[arg-type]
            middle = track.point("mid_hip")[0]
            assert middle == pytest.approx([540, 540], abs=0.01)
            ahead = (track.point("right_foot_index") - track.point("right_heel"))[0, 0]
            across = (track.point("right_hip") - track.point("left_hip"))[0, 0]
            assert ahead == pytest.approx(49 * toe, abs=3)
            assert across == pytest.approx(97 * right, abs=3)
            assert (track.point("right_shoulder")[:, 1] < track.point("right_heel")[:, 1]).all(), "y points down"

    def test_what_is_nearer_is_larger(self) -> None:
        """0.1 m nearer or farther at 4 m: 4 / 3.9 and 4 / 4.1."""
        track = camera_track(still_body(), view="right", fps=30)
        near, far = (track.point(f"{side}_heel")[0, 1] - track.point(f"{side}_hip")[0, 1] for side in ("right", "left"))
        assert near / far == pytest.approx(4.1 / 3.9, rel=1e-4)
        assert near == pytest.approx(0.3 * 0.45 * 1080 * 4 / 3.9, rel=1e-4)

    def test_frames_come_at_their_rate_from_a_random_start_and_noise_is_as_large_as_said(self) -> None:
        run = still_body()
        tracks = [camera_track(run, view="left", fps=60, noise_m=0.01, seed=seed) for seed in (1, 1, 2)]
        assert np.array_equal(tracks[0].xy, tracks[1].xy)
        assert not np.array_equal(tracks[0].xy, tracks[2].xy)
        for track in tracks:
            time_s = track.video.file_time_s
            np.testing.assert_allclose(np.diff(time_s), 1 / 60)
            assert 0 <= time_s[0] < 1 / 60
            # 120 frames of 24 coordinates: standard error 1.3 %; depth noise adds next to nothing.
            spread_m = track.xy.std(axis=0).mean() / (0.45 * 1080)
            assert spread_m == pytest.approx(0.01, rel=0.06)

    def test_a_shorter_clip(self) -> None:
        assert camera_track(still_body(), view="rear", fps=30, duration_s=1.0).video.n_frames in (29, 30)


class TestRecording:
    def test_events_are_the_published_ones(self, forceplate_run: ForcePlateRun) -> None:
        """The data's own table has the same contacts (50 N) of the same feet; its filter may differ by some samples. An
        event that the recording cuts off is empty there."""
        lines = (RBDS / "RBDS001runT25_force_events.csv").read_text(encoding="utf-8").split()[1:]
        rows = [line.split(",") for line in lines]
        for side, letter in (("left", "L"), ("right", "R")):
            for found, column in ((forceplate_run.contact_s, 0), (forceplate_run.toe_off_s, 1)):
                truth = np.array([float(row[column]) for row in rows if row[2] == letter and row[column]])
                nearest = np.abs(truth[:, None] - found[side]).min(axis=1)  # type: ignore[index]
                assert (nearest < 0.012).mean() > 0.97
                assert abs(len(truth) - len(found[side])) <= 1  # type: ignore[index]

    def test_feet_take_turns(self, forceplate_run: ForcePlateRun) -> None:
        contact = forceplate_run.contact_s
        assert len(contact["left"]) + len(contact["right"]) in (77, 78)
        later = contact["right"][:37] - contact["left"][:37]
        assert (np.abs(later) < 0.45).all()
        assert np.median(np.diff(contact["left"])) == pytest.approx(0.765, abs=0.003)

    def test_bones_keep_their_length(self, forceplate_run: ForcePlateRun) -> None:
        """Skin moves over bone: the hip comes from the pelvis, the knee from the thigh. 2 cm of 40."""
        for side in SIDES:
            for a, b in (("hip", "knee"), ("knee", "ankle")):
                joints = forceplate_run.joints
                length = np.linalg.norm(joints[f"{side}_{a}"] - joints[f"{side}_{b}"], axis=1)
                assert 0.33 < length.mean() < 0.48
                assert length.std() < 0.02

    def test_stance_feet_move_with_the_belt(self, forceplate_run: ForcePlateRun) -> None:
        """2.5 m/s backwards in the middle of stance, to 5 %."""
        run = forceplate_run
        for side in SIDES:
            middle = (run.contact_s[side] + run.toe_off_s[side]) / 2
            heel = run.joints[f"{side}_foot_index"][:, 0]
            before, after = (np.interp(middle + s, run.time_s, heel) for s in (-0.02, 0.02))
            assert np.median(before - after) / 0.04 == pytest.approx(run.belt_speed_mps, rel=0.05)
