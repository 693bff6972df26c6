"""Rules of the literature on force-plate runs: each where its paper (or its flaw) puts it; none of them breaks."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from gait.model import EventKind, Events, FloatArray, Scene, Side, Track
from gait.simulate.camera import Camera
from gait.simulate.film import film
from gait.simulate.run import simulate_run
from gait.simulate.runner import Runner
from gait.simulate.sampling import Sampling
from gait.validate.forceplate import ForcePlateRun
from gait.validate.frame_rules import (
    FRAME_RULES,
    FrameRule,
    acceleration,
    crossings_s,
    events_of,
    first_peak_s,
    peak_s,
    strides_of,
    top_of_parabola_s,
)

RULES = {rule.name: rule for rule in FRAME_RULES}
FELLIN, HANDSAKER, ZENI = (RULES[name] for name in ("Fellin 2010", "Handsaker 2016", "Zeni 2008"))
EDGE_S = 0.6  # in seconds from the clip's ends: events there may lie outside
SIDE_SCENES: dict[Side, Scene] = {
    "left": Scene("left", -1, "left", True),
    "right": Scene("right", +1, "right", True),
}
each_rule = pytest.mark.parametrize("rule", FRAME_RULES, ids=lambda rule: rule.name)


def errors_ms(events: Events, run: ForcePlateRun, side: Side, kind: EventKind) -> FloatArray:
    """Found minus true of every true event (m,); asserts that there is one event for each and that it is near."""
    truth_s = (run.contact_s if kind == "initial_contact" else run.toe_off_s)[side]
    truth_s = truth_s[(truth_s > EDGE_S) & (truth_s < run.duration_s - EDGE_S)]
    found_s = events.time_s[events.select(kind, side)]
    nearest = np.abs(found_s[:, None] - truth_s).argmin(axis=0)
    assert len(set(nearest.tolist())) == len(truth_s), "one event each"
    inside = (found_s > truth_s[0] - 0.2) & (found_s < truth_s[-1] + 0.2)
    assert inside.sum() == len(truth_s), "and no others between them"
    return np.asarray(1000 * (found_s[nearest] - truth_s), dtype=np.float64)


@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize(
    ("name", "contact_ms", "toe_off_ms"),
    [
        # 22 to 25 ms in the paper: here twice that. Knee extension 5 ms in the paper; 9 to 23 ms on these feet.
        ("Fellin 2010", (15, 60), (0, 25)),
        # The paper's 95 % limits of contact. Of toe-off they are -8 to 12 ms with a marker on the hallux, which leaves
        # the ground after the first metatarsal that stands for it here.
        ("Handsaker 2016", (-12, 18), (-8, 45)),
        # The foot comes back before it lands, and goes on backwards after it left.
        ("Zeni 2008", (-45, -15), (90, 150)),
        # Ours, so no figure of the paper counts; better than the walking rule and no worse than a frame at 30 fps.
        ("Alvim 2015, acceleration and position", (-10, 33), (-10, 45)),
        ("Alvim 2015, positions", (-33, 20), (-33, 33)),
    ],
)
def test_on_clean_keypoints_at_a_high_rate_a_rule_comes_where_its_paper_says(
    forceplate_run: ForcePlateRun,
    forceplate_track: Callable[..., Track],
    side: Side,
    name: str,
    contact_ms: tuple[float, float],
    toe_off_ms: tuple[float, float],
) -> None:
    events = events_of(RULES[name], forceplate_track(side, 240, noise_m=0.0), SIDE_SCENES[side])
    kinds: list[tuple[EventKind, tuple[float, float]]] = [("initial_contact", contact_ms), ("toe_off", toe_off_ms)]
    for kind, (low, high) in kinds:
        assert low < errors_ms(events, forceplate_run, side, kind).mean() < high


@pytest.mark.parametrize(
    ("rule", "kind", "factor"),
    [(FELLIN, "initial_contact", 1.1), (FELLIN, "toe_off", 1.1), (HANDSAKER, "initial_contact", 1.5)],
    ids=["heel", "knee", "jolt"],
)
def test_fewer_frames_scatter_more(
    forceplate_run: ForcePlateRun,
    forceplate_track: Callable[..., Track],
    rule: FrameRule,
    kind: EventKind,
    factor: float,
) -> None:
    """With 8 mm noise: 34 against 26 ms, 13 against 10, and 22 against 11 now. The jerk's scatter is 50 to 70 ms at any
    rate: so near to the sensor's noise, more frames don't help it."""
    scatter = {}
    for fps in (30, 240):
        tracks = [forceplate_track("left", fps, noise_m=0.008, seed=seed) for seed in range(3)]
        found = [errors_ms(events_of(rule, t, SIDE_SCENES["left"]), forceplate_run, "left", kind) for t in tracks]
        scatter[fps] = float(np.concatenate(found).std())
    assert scatter[30] > factor * scatter[240]


@pytest.fixture(scope="module")
def simulated() -> Track:
    """Ten seconds at 60 fps from the right."""
    return film(simulate_run(Runner(), 10.0, seed=1), Camera.from_view("right"), Sampling(fps=60)).track


@each_rule
def test_one_event_of_a_kind_for_each_stride(simulated: Track, rule: FrameRule) -> None:
    """Gaps are a stride, give or take its variation and what a rule may jump: the low toe's jolt by 0.12 of 0.73 s."""
    events = events_of(rule, simulated, SIDE_SCENES["right"])
    kinds: tuple[EventKind, ...] = ("initial_contact", "toe_off")
    for kind in kinds:
        gaps_s = np.diff(events.time_s[events.select(kind, "right")])
        assert len(gaps_s) >= 11
        np.testing.assert_allclose(gaps_s, np.median(gaps_s), rtol=0.25)
    assert np.isnan(events.uncertainty_s).all()
    assert set(events.method) == {rule.name}
    assert (np.diff(events.time_s) >= 0).all()


@each_rule
def test_the_mirror_image_gives_the_same_events(
    simulated: Track, synthetic_mirrored: Callable[[Track], Track], rule: FrameRule
) -> None:
    events = events_of(rule, simulated, SIDE_SCENES["right"])
    mirrored = events_of(rule, synthetic_mirrored(simulated), SIDE_SCENES["left"])
    assert mirrored.kind == events.kind
    assert mirrored.side == tuple("left" if side == "right" else "right" for side in events.side)
    np.testing.assert_allclose(mirrored.time_s, events.time_s, atol=1e-3)  # pixels are stored in single precision


@each_rule
def test_slow_motion_is_timed_in_real_seconds(simulated: Track, rule: FrameRule) -> None:
    """The same frames, played at a quarter of the speed."""
    video = simulated.video
    slow = replace(simulated, video=replace(video, file_time_s=4 * video.file_time_s, fps=video.fps / 4))
    real, slowed = (
        events_of(rule, track, SIDE_SCENES["right"], capture_speed=speed)
        for track, speed in ((simulated, 1), (slow, 0.25))
    )
    np.testing.assert_allclose(slowed.time_s, real.time_s, atol=1e-6)
    np.testing.assert_allclose(slowed.file_time_s, 4 * real.time_s, atol=1e-6)


def without(track: Track, joints: tuple[str, ...], *, first: int = 0) -> Track:
    """A track in which some joints are never seen from one frame on."""
    xy = np.array(track.xy)
    for joint in joints:
        for side in ("left", "right"):
            xy[first:, track.skeleton.index(f"{side}_{joint}")] = np.nan
    return track.with_xy(xy)


@each_rule
def test_a_foot_that_is_never_seen_has_no_contact(simulated: Track, rule: FrameRule) -> None:
    events = events_of(rule, without(simulated, ("heel", "foot_index")), SIDE_SCENES["right"])
    assert not events.select("initial_contact").any()
    assert events.select("toe_off").any() == (rule is FELLIN)  # the knee is seen


@each_rule
def test_nothing_is_found_in_nothing(simulated: Track, rule: FrameRule) -> None:
    everything = ("hip", "knee", "ankle", "heel", "foot_index")
    assert len(events_of(rule, without(simulated, everything), SIDE_SCENES["right"])) == 0
    assert len(events_of(rule, simulated, Scene("rear", 0, None, True))) == 0


@each_rule
def test_a_foot_that_is_lost_has_events_only_before(simulated: Track, rule: FrameRule) -> None:
    whole, half = (
        events_of(rule, track, SIDE_SCENES["right"])
        for track in (simulated, without(simulated, ("knee", "heel", "foot_index"), first=300))
    )
    lost_s = simulated.video.file_time_s[300]
    assert half.time_s.max() < lost_s
    before = whole.time_s[whole.time_s < lost_s - 0.5]  # so far, the filter doesn't see the end
    np.testing.assert_allclose(half.time_s[: len(before)], before, atol=1e-3)


def test_a_parabola_is_found_again_between_uneven_frames() -> None:
    time_s = np.array([0.0, 0.03, 0.08, 0.10])
    values = 5 - 40 * (time_s - 0.047) ** 2
    assert top_of_parabola_s(values, time_s, 1) == pytest.approx(0.047)
    np.testing.assert_allclose(acceleration(values, time_s)[1:-1], -80)
    assert peak_s(values, time_s, 0.0, 0.1) == pytest.approx(0.047)
    assert np.isnan(peak_s(values, time_s, 0.05, 0.1))
    assert np.isnan(peak_s(np.full(4, np.nan), time_s, 0.0, 0.1))


def test_the_first_clear_peak_is_neither_a_ripple_nor_the_highest() -> None:
    time_s = np.arange(0, 1, 0.02)
    bumps = ((0.2, 0.05), (0.4, 0.5), (0.7, 1.0))
    values = sum((height * np.exp(-(((time_s - at) / 0.03) ** 2)) for at, height in bumps), 0 * time_s)
    assert first_peak_s(values, time_s, 0.0, 1.0) == pytest.approx(0.4, abs=0.001)
    assert peak_s(values, time_s, 0.0, 1.0) == pytest.approx(0.7, abs=0.001)
    assert first_peak_s(values, time_s, 0.0, 1.0, where=time_s > 0.5) == pytest.approx(0.7, abs=0.001)
    assert np.isnan(first_peak_s(values, time_s, 0.3, 0.35))


def test_a_level_is_crossed_upwards_on_the_line_between_frames() -> None:
    time_s, values = np.arange(5.0), np.array([0.0, 2.0, 0.0, 4.0, np.nan])
    np.testing.assert_allclose(crossings_s(values, time_s, 1.0, 0.0, 4.0), [0.5, 2.25])
    np.testing.assert_allclose(crossings_s(values, time_s, 1.0, 1.0, 4.0), [2.25])


def test_strides_lie_between_the_foremost_places_of_the_ankle() -> None:
    """A cosine of 0.7 s with a lesser second peak, whose third stride isn't seen."""
    time_s = np.arange(0, 7.0, 1 / 60)
    ankle = np.cos(2 * np.pi * time_s / 0.7) + 0.3 * np.cos(4 * np.pi * time_s / 0.7)
    strides = strides_of(ankle, time_s)
    np.testing.assert_allclose([s.start_s for s in strides], 0.7 * np.arange(len(strides)), atol=0.002)
    assert len(strides) == 10
    hidden = np.where((time_s > 1.2) & (time_s < 1.6), np.nan, ankle)
    assert all(s.end_s - s.start_s < 0.8 for s in strides_of(hidden, time_s))
    assert len(strides_of(hidden, time_s)) == 8
    assert strides_of(np.full(len(time_s), np.nan), time_s) == []
    assert strides_of(ankle[:20], time_s[:20]) == []
