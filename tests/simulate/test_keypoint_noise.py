"""Every kind of error has the size, share and length that was asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Literal

import numpy as np
import pytest
from numpy.typing import NDArray

from gait.errors import ConfigError
from gait.model import SIDES
from gait.simulate import Camera, Filmed, KeypointNoise, Moving, Sampling, film
from gait.simulate.bursts import bursts, bursts_from

CHAIN = ("knee", "ankle", "heel", "foot_index")
RIGHT = Camera.from_view("right")
Stub = Callable[..., Moving]


def _errors(filmed: Filmed, name: str) -> NDArray[np.float64]:
    """How far a point is off its true place (n, 2), in leg lengths."""
    off_px = filmed.track.point(name) - filmed.true_xy[:, filmed.track.skeleton.index(name)]
    return np.asarray(off_px / filmed.leg_length_px[:, None], dtype=np.float64)


def _correlation(first: NDArray[np.float64], second: NDArray[np.float64]) -> float:
    return float(np.corrcoef(first.ravel(), second.ravel())[0, 1])


def _run_lengths(mask: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Lengths of the runs of True, in frames."""
    edges = np.flatnonzero(np.diff(np.r_[False, mask, False].astype(np.int8)))
    return np.asarray(edges[1::2] - edges[::2])


def test_nothing_is_wrong_by_default(moving_stub: Stub) -> None:
    filmed = film(moving_stub(duration_s=3), RIGHT)
    np.testing.assert_array_equal(filmed.track.xy, filmed.true_xy)
    known = np.isfinite(filmed.true_xy).all(axis=2)
    np.testing.assert_array_equal(filmed.track.confidence, known.astype(np.float32))
    for truth in (filmed.swapped, filmed.invented, filmed.jumped, filmed.dropped):
        assert not truth.any()


@pytest.mark.parametrize("distance_m", [3.0, 8.0])
@pytest.mark.parametrize("height_px", [640, 1920])
def test_jitter_is_in_leg_lengths_in_any_camera(moving_stub: Stub, distance_m: float, height_px: int) -> None:
    camera = Camera(distance_m=distance_m, height_px=height_px)
    noise = KeypointNoise(jitter_leg_lengths=0.02, noise_of_joint={"hip": 0.5, "left_hip": 2.0})
    filmed = film(moving_stub(duration_s=100), camera, Sampling(30), noise)
    # 6000 numbers: the standard error of an SD is 0.9 %, and four of them 4 %
    for name, factor in (("right_knee", 1.0), ("right_hip", 0.5), ("left_hip", 2.0)):
        off = _errors(filmed, name)
        assert off.std() == pytest.approx(0.02 * factor, rel=0.04)
        assert abs(_correlation(off[1:], off[:-1])) < 4 / np.sqrt(6000)


def test_every_point_errs_by_itself(moving_stub: Stub) -> None:
    noise = KeypointNoise(jitter_leg_lengths=0.01, wander_leg_lengths=0.01, wander_s=0.01)
    filmed = film(moving_stub(duration_s=200), RIGHT, noise=noise)
    names = ("left_knee", "right_knee", "left_ankle", "nose")
    errors = np.concatenate([_errors(filmed, name) for name in names], axis=1)
    # 6000 frames, nearly independent of each other; 4.5 standard errors for 28 pairs
    assert np.abs(np.corrcoef(errors.T) - np.eye(8)).max() < 4.5 / np.sqrt(6000)


@pytest.mark.parametrize("fps", [30.0, 120.0])
@pytest.mark.parametrize("vfr_jitter", [0.0, 0.2])
def test_wander_lasts_as_long_at_every_frame_rate(moving_stub: Stub, fps: float, vfr_jitter: float) -> None:
    noise = KeypointNoise(wander_leg_lengths=0.01, wander_s=0.1)
    filmed = film(moving_stub(duration_s=300), RIGHT, Sampling(fps, vfr_jitter), noise)
    off = np.concatenate([_errors(filmed, f"{side}_{joint}") for side in SIDES for joint in ("hip", "knee")], axis=1)
    lag = round(0.1 * fps)
    # 8 coordinates x 300 s / (2 x 0.1 s) = 12000 independent numbers: four standard errors are 2.6 % of the SD
    assert off.std() == pytest.approx(0.01, rel=0.03)
    assert _correlation(off[lag:], off[:-lag]) == pytest.approx(np.exp(-1), abs=0.04)
    assert _correlation(off[3 * lag :], off[: -3 * lag]) == pytest.approx(np.exp(-3), abs=0.04)


def test_blur_grows_with_the_speed_and_lies_along_it(moving_stub: Stub) -> None:
    filmed = film(moving_stub(duration_s=200), RIGHT, Sampling(120), KeypointNoise(blur_s=0.004))
    true = filmed.true_xy[:, filmed.track.skeleton.index("right_ankle")].astype(np.float64)
    off_px = filmed.track.point("right_ankle") - true
    velocity = np.gradient(true, filmed.time_s, axis=0)
    speed = np.hypot(velocity[:, 0], velocity[:, 1])
    along = (off_px * velocity).sum(axis=1) / speed
    across = (off_px[:, 0] * velocity[:, 1] - off_px[:, 1] * velocity[:, 0]) / speed
    assert np.abs(across).max() < 0.01  # pixels: rounding to single precision
    for low, high in ((0.1, 0.4), (0.4, 0.7), (0.7, 1.0)):
        band = (speed > np.quantile(speed, low)) & (speed <= np.quantile(speed, high))
        assert np.std(along[band] / speed[band]) == pytest.approx(0.004, rel=0.04)  # 7200 frames: 4 x 0.8 %
    still = film(moving_stub(duration_s=200), RIGHT, Sampling(120), KeypointNoise(blur_s=0.004))
    assert _errors(still, "right_hip").std() < 0.25 * _errors(still, "right_ankle").std()


@pytest.mark.parametrize(
    ("view", "left_px", "right_px"),
    [
        ("right", (0.03, -0.02), (0.03, -0.02)),  # forward is image right, up is up, outward isn't seen
        ("left", (-0.03, -0.02), (-0.03, -0.02)),
        ("rear", (-0.01, -0.02), (0.01, -0.02)),  # outward is left of the left leg
        ("front", (0.01, -0.02), (-0.01, -0.02)),
    ],
)
def test_bias_is_the_bodys(
    moving_stub: Stub, view: Any, left_px: tuple[float, float], right_px: tuple[float, float]
) -> None:
    noise = KeypointNoise(bias_leg_lengths={"hip": (0.03, 0.02, 0.01)})
    # from 40 m away there is nearly no perspective left
    filmed = film(moving_stub(duration_s=3), Camera.from_view(view, distance_m=40), noise=noise)
    np.testing.assert_allclose(np.mean(_errors(filmed, "left_hip"), axis=0), left_px, atol=3e-4)
    np.testing.assert_allclose(np.mean(_errors(filmed, "right_hip"), axis=0), right_px, atol=3e-4)
    assert np.abs(_errors(filmed, "left_knee")).max() == 0


def test_a_repeating_error_is_the_same_in_every_stride(moving_stub: Stub) -> None:
    noise = KeypointNoise(repeating_leg_lengths={"ankle": (0.01, 0.03)})
    moving = moving_stub(duration_s=0.72 * 40)
    filmed = film(moving, RIGHT, Sampling(fps=100 / 0.72), noise)  # 100 frames a stride of 0.72 s
    off = _errors(filmed, "right_ankle")
    np.testing.assert_allclose(off[100:], off[:-100], atol=2e-5)
    np.testing.assert_allclose(off[:1000].std(axis=0), [0.01, 0.03], rtol=1e-3)
    other = film(moving, RIGHT, Sampling(fps=100 / 0.72), noise, seed=1)
    assert abs(_correlation(_errors(other, "right_ankle")[:, 1], off[:, 1])) < 0.99


@pytest.mark.parametrize("mean_s", [0.0, 0.05, 0.3])
@pytest.mark.parametrize("share", [0.02, 0.2, 0.6])
@pytest.mark.parametrize("fps", [30.0, 240.0])
def test_bursts_have_their_share_and_length(mean_s: float, share: float, fps: float) -> None:
    time_s = 100 + np.arange(0, 3600, 1 / fps)
    found = bursts(np.random.default_rng(5), time_s, share=share, mean_s=mean_s)
    n_bursts = 3600 * share / mean_s if mean_s else len(time_s) * share
    # A share of p in N bursts, whose gaps vary as much as they last: SD of about p (1 - p) sqrt(2 / N)
    assert found.mean() == pytest.approx(share, abs=4 * share * np.sqrt(2 / n_bursts) * max(1 - share, 0.3))
    if mean_s == 0.3 and fps == 240:
        lengths_s = _run_lengths(found) / fps
        assert lengths_s.mean() == pytest.approx(0.3, abs=1 / fps + 4 * 0.09 / np.sqrt(n_bursts))
        assert lengths_s.min() >= 0.15 - 1 / fps
        assert np.quantile(lengths_s, 0.95) <= 0.45 + 1 / fps  # gaps shorter than a frame can't be seen


def test_bursts_of_nothing_and_of_everything() -> None:
    time_s, rng = np.arange(0, 10, 0.1), np.random.default_rng(0)
    for mean_s in (0.0, 0.2):
        assert not bursts(rng, time_s, share=0.0, mean_s=mean_s).any()
        assert bursts(rng, time_s, share=1.0, mean_s=mean_s).all()


@pytest.mark.parametrize("share", [0.05, 0.2, 0.4])
def test_bursts_from_marks_begin_there(share: float) -> None:
    time_s, marks_s = np.arange(0, 3600, 1 / 100), np.arange(0.2, 3599, 0.36)
    found = bursts_from(np.random.default_rng(2), time_s, marks_s, share=share, mean_s=0.1)
    begins_s = time_s[np.flatnonzero(found[1:] & ~found[:-1]) + 1]
    since = begins_s - marks_s[np.searchsorted(marks_s, begins_s + 1e-9) - 1]
    assert since.max() < 0.0101  # within a frame
    n_bursts = share * 3600 / max(0.1, share * 0.36)
    assert found.mean() == pytest.approx(share, abs=4 * share * np.sqrt(2 / n_bursts))


SwapAt = Literal["any time", "crossing", "late swing"]


@pytest.mark.parametrize("swap_at", ["any time", "crossing", "late swing"])
@pytest.mark.parametrize("fps", [30.0, 120.0])
def test_swapped_frames_have_the_legs_exchanged_and_nothing_else(
    moving_stub: Stub, swap_at: SwapAt, fps: float
) -> None:
    noise = KeypointNoise(swap_share=0.1, swap_s=0.08, swap_at=swap_at)
    moving = moving_stub(duration_s=600)
    filmed = film(moving, RIGHT, Sampling(fps), noise)
    assert filmed.swapped.mean() == pytest.approx(0.1, abs=4 * 0.1 * np.sqrt(2 / 750))  # 750 bursts
    index = filmed.track.skeleton.index
    for joint in CHAIN:
        left, right = index(f"left_{joint}"), index(f"right_{joint}")
        swapped = filmed.swapped
        np.testing.assert_array_equal(
            filmed.track.xy[swapped][:, [left, right]], filmed.true_xy[swapped][:, [right, left]]
        )
        np.testing.assert_array_equal(
            filmed.track.xy[~swapped][:, [left, right]], filmed.true_xy[~swapped][:, [left, right]]
        )
    np.testing.assert_array_equal(filmed.track.point("left_hip"), filmed.true_xy[:, index("left_hip")])
    begins_s = filmed.time_s[np.flatnonzero(filmed.swapped[1:] & ~filmed.swapped[:-1]) + 1]
    apart = filmed.true_xy[:, index("left_ankle"), 0] - filmed.true_xy[:, index("right_ankle"), 0]
    crossings_s = filmed.time_s[np.flatnonzero(np.diff(np.sign(apart))) + 1]
    near_crossing = np.abs(begins_s[:, None] - crossings_s).min(axis=1) <= 1.01 / fps
    contacts_s = np.concatenate([moving.contact_s[side] for side in SIDES])
    before_s = contacts_s[None] - begins_s[:, None]
    in_late_swing = ((before_s > -1.01 / fps) & (before_s <= 0.12)).any(axis=1)
    # at any time, 2 frames or 0.12 s of the 0.36 s from one crossing or contact to the next would do
    assert (near_crossing.mean() == 1) == (swap_at == "crossing")
    assert (in_late_swing.mean() == 1) == (swap_at == "late swing")


def test_from_the_rear_where_ankles_never_cross_swaps_still_come(moving_stub: Stub) -> None:
    noise = KeypointNoise(swap_share=0.1, swap_s=0.08, swap_at="crossing")
    filmed = film(moving_stub(duration_s=600), Camera.from_view("rear"), noise=noise)
    assert filmed.swapped.mean() == pytest.approx(0.1, abs=4 * 0.1 * np.sqrt(2 / 750))


@pytest.mark.parametrize("view", ["left", "right"])
def test_an_invented_far_leg(moving_stub: Stub, view: Any) -> None:
    near, far = ("left", "right") if view == "left" else ("right", "left")
    camera, moving = Camera.from_view(view, distance_m=40), moving_stub(duration_s=0.72 * 30)
    sampling = Sampling(fps=100 / 0.72)
    for source, delay in (("near", 0), ("own", 10), ("opposite", 50 + 10)):
        noise = KeypointNoise(
            invented_share=0.3,
            invented_from=source,  # type: ignore[arg-type]
            invented_lag_s=0 if source == "near" else 0.072,
        )
        filmed = film(moving, camera, sampling, noise)
        index = filmed.track.skeleton.index
        assert filmed.invented.mean() == pytest.approx(0.3, abs=2 / len(filmed.invented))
        apart = np.abs(filmed.true_xy[:, index("left_ankle"), 0] - filmed.true_xy[:, index("right_ankle"), 0])
        assert apart[filmed.invented].max() <= apart[~filmed.invented].min()
        true = filmed.true_xy[:, index(f"{far if source == 'own' else near}_ankle")]
        wanted = np.roll(true, delay, axis=0)
        if source == "opposite":
            hips = filmed.true_xy[:, [index(f"{far}_hip"), index(f"{near}_hip")]]
            wanted = wanted + hips[:, 0] - np.roll(hips[:, 1], delay, axis=0)
        made_up = np.flatnonzero(filmed.invented & (np.arange(len(true)) > delay))
        np.testing.assert_allclose(filmed.track.point(f"{far}_ankle")[made_up], wanted[made_up], atol=0.05)
        np.testing.assert_array_equal(filmed.track.point(f"{near}_ankle"), filmed.true_xy[:, index(f"{near}_ankle")])


def test_no_leg_is_invented_from_the_rear(moving_stub: Stub) -> None:
    filmed = film(moving_stub(duration_s=5), Camera.from_view("rear"), noise=KeypointNoise(invented_share=0.5))
    assert not filmed.invented.any()
    np.testing.assert_array_equal(filmed.track.xy, filmed.true_xy)


def test_jumps_hold_for_their_burst(moving_stub: Stub) -> None:
    noise = KeypointNoise(jump_share=0.05, jump_leg_lengths=0.3, jump_s=0.2)
    filmed = film(moving_stub(duration_s=1000), RIGHT, Sampling(60), noise)
    columns = [filmed.track.skeleton.index(f"{side}_{joint}") for side in SIDES for joint in CHAIN]
    # 8 points x 1000 s x 5 % / 0.2 s = 2000 bursts
    assert filmed.jumped[:, columns].mean() == pytest.approx(0.05, abs=4 * 0.05 * np.sqrt(2 / 2000))
    assert not filmed.jumped[:, filmed.track.skeleton.index("left_hip")].any()
    off, jumped = _errors(filmed, "left_heel"), filmed.jumped[:, columns[2]]
    assert np.abs(off[~jumped]).max() == 0
    within = jumped[1:] & jumped[:-1]
    np.testing.assert_allclose(off[1:][within], off[:-1][within], atol=1e-5)
    begins = np.flatnonzero(jumped[1:] & ~jumped[:-1]) + 1
    assert off[begins].std() == pytest.approx(0.3, rel=4 / np.sqrt(4 * len(begins)))


def test_dropouts_and_lost_runners_are_unknown_and_of_no_confidence(moving_stub: Stub) -> None:
    noise = KeypointNoise(dropout_share=0.1, lost_share=0.05, lost_s=0.3)
    filmed = film(moving_stub(duration_s=2000, arms_and_head=False), RIGHT, Sampling(30), noise)
    known = np.isfinite(filmed.true_xy).all(axis=2)
    np.testing.assert_array_equal(np.isnan(filmed.track.xy).any(axis=2), filmed.dropped | ~known)
    assert (filmed.track.confidence[filmed.dropped] == 0).all()
    lost = (filmed.dropped | ~known).all(axis=1)
    assert lost.mean() == pytest.approx(0.05, abs=4 * 0.05 * np.sqrt(2 / 333))
    alone = filmed.dropped[~lost][:, known[0]]
    assert alone.mean() == pytest.approx(0.1, abs=4 * 0.3 / np.sqrt(alone.size))
    assert not filmed.dropped[:, ~known[0]].any()


def test_confidence_hardly_tells(moving_stub: Stub) -> None:
    noise = KeypointNoise(
        swap_share=0.2, confidence=0.9, far_leg_confidence=0.8, confidence_sd=0.02, confidence_when_wrong=0.01
    )
    filmed = film(moving_stub(duration_s=300), RIGHT, noise=noise)
    said = {name: filmed.track.confidence[:, filmed.track.skeleton.index(name)] for name in ("left_heel", "right_heel")}
    right = ~filmed.swapped
    assert said["right_heel"][right].mean() == pytest.approx(0.9, abs=0.002)  # 7000 frames: 4 x 0.02 / 85
    assert said["left_heel"][right].mean() == pytest.approx(0.8, abs=0.002)
    assert said["left_heel"][~right].mean() == pytest.approx(0.79, abs=0.003)
    assert said["left_heel"].std() == pytest.approx(0.02, rel=0.1)


def test_switching_an_error_on_leaves_the_others_as_they_were(moving_stub: Stub) -> None:
    moving = moving_stub(duration_s=20)
    plain = KeypointNoise(swap_share=0.1, jump_share=0.05, dropout_share=0.05, lost_share=0.02, invented_share=0.1)
    before = film(moving, RIGHT, noise=plain, seed=7)
    for more in (
        {"jitter_leg_lengths": 0.02},
        {"wander_leg_lengths": 0.02},
        {"blur_s": 0.01},
        {"confidence_sd": 0.1},
        {"bias_leg_lengths": {"hip": (0.02, 0.0, 0.0)}},
        {"repeating_leg_lengths": {"ankle": (0.02, 0.02)}},
    ):
        after = film(moving, RIGHT, noise=replace(plain, **more), seed=7)  # type: ignore[arg-type]
        for name in ("time_s", "true_xy", "swapped", "invented", "jumped", "dropped"):
            np.testing.assert_array_equal(getattr(after, name), getattr(before, name))
    jitter = replace(plain, jitter_leg_lengths=0.02)
    alone = film(moving, RIGHT, noise=KeypointNoise(jitter_leg_lengths=0.02), seed=7)
    together = film(moving, RIGHT, noise=jitter, seed=7)
    untouched = ~(together.swapped | together.invented)[:, None] & ~together.jumped & ~together.dropped
    np.testing.assert_array_equal(together.track.xy[untouched], alone.track.xy[untouched])


def test_a_misspelt_joint_is_refused() -> None:
    with pytest.raises(ConfigError, match="There is no joint foot or toes"):
        KeypointNoise(
            bias_leg_lengths={"foot": (0.0, 0.0, 0.0), "left_ankle": (0.0, 0.0, 0.0)}, noise_of_joint={"toes": 1}
        )
    with pytest.raises(ConfigError, match="swap_share can't be 2"):
        KeypointNoise(swap_share=2)


# Median error in % of leg length over 10 rendered runners, near leg in stance (shared/avatar/README.md), and swaps.
MEASURED = {
    "right": ({"hip": 2.0, "knee": 1.2, "ankle": 2.5, "heel": 2.9, "foot_index": 2.5}, 0.02),
    "left": ({"hip": 2.8, "knee": 1.4, "ankle": 2.7, "heel": 2.4, "foot_index": 3.3}, 0.027),
    "rear": ({"hip": 2.4, "knee": 2.4, "ankle": 2.6, "heel": 3.0, "foot_index": 3.7}, 0.0),
    "front": ({"hip": 1.4, "knee": 1.8, "ankle": 4.0, "heel": 3.5, "foot_index": 2.2}, 0.0),
}


@pytest.mark.parametrize("view", MEASURED)
def test_the_clean_clip_is_as_wrong_as_measured(moving_stub: Stub, view: Any) -> None:
    noise = KeypointNoise.of_clean_clip(frontal=view in ("rear", "front"))
    filmed = film(moving_stub(duration_s=300), Camera.from_view(view), noise=noise)
    wanted, swap_share = MEASURED[view]
    side = view if view in SIDES else "left"
    for joint, percent in wanted.items():
        off = _errors(filmed, f"{side}_{joint}")
        # the measured medians themselves differ by a factor of up to 1.7 between opposite views
        assert 0.5 < 100 * np.median(np.hypot(off[:, 0], off[:, 1])) / percent < 1.8, joint
    assert filmed.swapped.mean() == pytest.approx(swap_share, abs=0.012)


def test_the_hard_clip_is_worse() -> None:
    clean, hard = KeypointNoise.of_clean_clip(), KeypointNoise.of_hard_clip()
    for name in ("jitter_leg_lengths", "blur_s", "jump_share", "swap_share", "swap_s", "invented_share"):
        assert getattr(hard, name) > getattr(clean, name)
