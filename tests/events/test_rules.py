"""The rules of contact and toe-off on curves whose crossing is known by construction, and the events made of them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from gait.cycle import Folding, fold
from gait.events import EventRules, find_events, find_strides, in_real_time, no_events, no_strides, stance_phases
from gait.events.frontal_view import in_one_order, turning_points
from gait.events.side_view import (
    belt_speed,
    contact_phases,
    crossings,
    foot_leaves,
    standing_speed,
    straightest_knee,
    stretch_error,
)
from gait.events.stances import HALF_STRIDE_METHOD
from gait.events.strides import LEG_JOINTS
from gait.model import SIDES, Analysis, Cycle, LegQuality, Scene, Side, Stance, Track
from gait.scene import SceneRules, find_scene

Array = NDArray[np.float64]
GRID = np.arange(400) / 400
turn = st.floats(0, 1, exclude_max=True)


def shifted(coefficients: Array, by: float) -> Array:
    """A Fourier series later by a share of the stride."""
    h = (len(coefficients) - 1) // 2
    order = 2 * np.pi * by * np.arange(1, h + 1)
    cos, sin = coefficients[1 : 1 + h], coefficients[1 + h :]
    return np.r_[coefficients[0], cos * np.cos(order) - sin * np.sin(order), sin * np.cos(order) + cos * np.sin(order)]


def apart(a: float, b: float) -> float:
    """Distance of two phases."""
    return abs((a - b + 0.5) % 1 - 0.5)


class Foot:
    """A foot on the folded cycle that moves with the belt from one phase to another and swings in between.

    Its forefoot and heel go back at the belt's speed (1 per stride) while it stands; made of a Fourier series of many
    harmonics, so that its velocity comes to the belt's and leaves it within some 2 % of the stride.
    """

    def __init__(self, contact: float, toe_off: float) -> None:
        self.contact, self.stance = contact, (toe_off - contact) % 1

    def series(self, curve: Array) -> Array:
        order, grid = np.arange(1, 41), np.arange(len(curve)) / len(curve)
        waves = np.exp(-2j * np.pi * np.outer(order, grid)) @ curve / len(curve)
        return np.r_[curve.mean(), 2 * waves.real, -2 * waves.imag]

    def ahead_and_height(self, *, rise: float = 0.0) -> tuple[Array, Array]:
        """Coefficients of the forward place and the height; `rise` is how high it is lifted in its swing."""
        since = (np.arange(4000) / 4000 - self.contact) % 1
        swing = np.clip((since - self.stance) / (1 - self.stance), 0, 1)
        # Back at 1 per stride in stance; in swing forward again, with no other jump of speed than at its two ends.
        forward = np.where(swing > 0, -self.stance + self.stance * swing, -since)
        height = rise * np.sin(np.pi * swing) ** 2
        return self.series(forward), self.series(height)


class TestSideView:
    def test_belt_speed_is_not_taken_from_a_low_foot_that_still_goes_forward(self) -> None:
        """As a pose model's errors have it: most of the lowest quarter of the cycle lies before contact."""
        backward, height = np.full((1, 400), -3.0), np.full((1, 400), 1.0)
        height[0, 100:200] = 0.0
        backward[0, 160:300] = 2.0
        assert belt_speed(backward, height) == pytest.approx([2.0])

    @settings(max_examples=40, deadline=None)
    @given(contact=turn, px_per_m=st.floats(20, 2000))
    def test_contact_and_belt_are_where_they_were_put(self, contact: float, px_per_m: float) -> None:
        """To 1 % of the stride: a jump of speed in a series of 40 harmonics is that wide."""
        ahead, height = Foot(contact, contact + 0.36).ahead_and_height(rise=0.2)
        found, belt = contact_phases(ahead[None] * px_per_m, height[None] * px_per_m, GRID)
        assert apart(found[0], contact) < 0.01
        assert belt[0] == pytest.approx(px_per_m, rel=0.03)

    @settings(max_examples=40, deadline=None)
    @given(contact=turn, stance=st.floats(0.25, 0.45), px_per_m=st.floats(20, 2000))
    def test_the_standing_foots_speed_is_the_belts(self, contact: float, stance: float, px_per_m: float) -> None:
        ahead, _ = Foot(contact, contact + stance).ahead_and_height()
        found = standing_speed(px_per_m * ahead[None], np.array([contact]), np.array([(contact + stance) % 1]))
        assert found[0] == pytest.approx(px_per_m, rel=0.01)

    def test_a_foot_that_is_not_known_to_leave_has_no_standing_speed(self) -> None:
        ahead, _ = Foot(0.0, 0.4).ahead_and_height()
        assert np.isnan(standing_speed(ahead[None], np.zeros(1), np.array([np.nan]))[0])

    @settings(max_examples=40, deadline=None)
    @given(contact=turn, stance=st.floats(0.25, 0.45), px_per_m=st.floats(20, 2000))
    def test_the_foot_leaves_where_it_was_put(self, contact: float, stance: float, px_per_m: float) -> None:
        ahead, height = (px_per_m * c[None] for c in Foot(contact, contact + stance).ahead_and_height())
        belt, at, unknown = np.array([px_per_m]), np.array([contact]), np.array([np.nan])
        found = foot_leaves(ahead, height, belt=belt, contact=at, near=unknown, grid=GRID)
        assert apart(found[0], contact + stance) < 0.01

    def test_a_foot_that_jumps_leaves_where_the_knee_is_straightest(self) -> None:
        """A forefoot whose height has a ripple in the middle of stance, as that of a hidden leg."""
        ahead, _ = Foot(0.0, 0.4).ahead_and_height()
        since = np.arange(4000) / 4000
        ripple = Foot(0.0, 0.4).series(0.02 * np.exp(-(((since - 0.22) / 0.02) ** 2)))
        common = {"belt": np.ones(1), "contact": np.zeros(1), "grid": GRID}
        by_ripple = foot_leaves(ahead[None], ripple[None], near=np.array([0.2]), **common)
        by_knee = foot_leaves(ahead[None], ripple[None], near=np.array([0.41]), **common)
        assert 0.17 < by_ripple[0] < 0.25
        assert apart(by_knee[0], 0.4) < 0.01

    def test_a_stiff_foot_has_no_stretch_error_and_a_stretched_one_that_of_its_speed(self) -> None:
        """The heel follows at a fixed distance, or one that changes by 0.02 sin: its speed over the steepness."""
        ahead, height = Foot(0.0, 0.4).ahead_and_height()
        behind = ahead - np.r_[0.2, np.zeros(80)]
        stiff = stretch_error(np.stack([behind, height, ahead, height]), 0.4, belt=1.0, grid=GRID)
        assert stiff == pytest.approx(0.0, abs=1e-6)
        behind[41] += 0.02  # a wave of the first harmonic in the heel alone: 0.126 of the belt's speed at most
        stretched = stretch_error(np.stack([behind, height, ahead, height]), 0.4, belt=1.0, grid=GRID)
        at = 0.4 + np.linspace(-0.06, 0.06, 41)
        rms = np.sqrt(np.mean((0.02 * 2 * np.pi * np.cos(2 * np.pi * at)) ** 2))
        steepness = (1 + 0.4 / 0.6) / 0.06  # nearly all of the jump lies within the 0.06 strides in the middle
        assert stretched == pytest.approx(rms / steepness, rel=0.25)
        assert np.isnan(stretch_error(np.stack([behind, height, ahead, height]), np.nan, belt=1.0, grid=GRID))

    @settings(max_examples=40, deadline=None)
    @given(contact=turn, straightest=st.floats(0.25, 0.50))
    def test_toe_off_by_knee_is_the_straightest_knee(self, contact: float, straightest: float) -> None:
        """A knee that is straightest at one phase: -cos has its lowest point there."""
        flexion = shifted(np.array([30.0, -20.0, 0.0]), (contact + straightest) % 1)
        assert apart(straightest_knee(flexion[None], np.array([contact]), GRID)[0], contact + straightest) < 1e-3

    def test_a_knee_without_a_straightest_point_in_stance_tells_nothing(self) -> None:
        flexion = shifted(np.array([30.0, -20.0, 0.0]), 0.9)
        assert np.isnan(straightest_knee(flexion[None], np.zeros(1), GRID)).all()

    def test_a_foot_that_never_moves_with_the_belt_has_no_contact(self) -> None:
        contact, _ = contact_phases(np.zeros((1, 5)), np.array([[0.0, 1.0, 0.0, 0.0, 0.0]]), GRID)
        assert np.isnan(contact).all()

    def test_a_foot_that_was_not_seen_has_no_contact(self) -> None:
        contact, belt = contact_phases(np.full((1, 5), np.nan), np.full((1, 5), np.nan), GRID)
        assert np.isnan([contact, belt]).all()

    def test_crossings(self) -> None:
        values = np.array([0.0, 2.0, 1.0, 1.0, 3.0])
        assert crossings(values, 1.5).tolist() == [0.75, 3.25]
        assert not len(crossings(values, 5.0))


class TestFrontalView:
    @settings(max_examples=60, deadline=None)
    @given(by=turn, limp=st.floats(-0.15, 0.15))
    def test_turning_points_of_a_bounce(self, by: float, limp: float) -> None:
        """A double bounce falls fastest an eighth of a stride before and rises fastest an eighth after its lowest; a
        limp (a wave once per stride) moves them alike, by asin of its share at most."""
        bounce = shifted(np.array([0.0, limp * 0.2, -1.0, 0.0, 0.0]), by)
        falls, rises = turning_points(bounce, GRID)
        for lowest in (by, by + 0.5):
            assert min(apart(f, lowest - 0.125) for f in falls) < 0.01
            assert min(apart(r, lowest + 0.125) for r in rises) < 0.01
        for fall, rise in zip(falls, rises, strict=True):
            assert apart(rise, fall + 0.25) < 0.02, "each rise belongs to the fall before it"

    def test_draws_name_the_steps_in_one_order(self) -> None:
        falls = np.array([[0.01, 0.51], [0.02, 0.52], [0.505, 0.995], [0.99, 0.49]])
        rises = falls + 0.25
        ordered, risen = in_one_order(falls, rises)
        assert ordered.tolist() == [[0.01, 0.51], [0.02, 0.52], [0.995, 0.505], [0.99, 0.49]]
        np.testing.assert_allclose(risen - ordered, 0.25)


class TestMadeUpRunner:
    @pytest.mark.parametrize("view", ["left", "right"])
    @pytest.mark.parametrize("fps", [30, 60])
    def test_contacts_from_the_side(
        self, synthetic_analysis: Callable[..., Analysis], synthetic_runner: Any, view: str, fps: float
    ) -> None:
        """Without noise to 2 ms, a sixteenth of a frame at 30 fps: only the phase and the folding are between."""
        analysis, runner = synthetic_analysis(view, fps=fps), synthetic_runner()
        for side in SIDES:
            found = analysis.events.time_s[analysis.events.select("initial_contact", side)]
            truth = runner.event_s(side, "initial_contact")
            assert len(found) == len(truth)
            np.testing.assert_allclose(found, truth, atol=0.002)

    @pytest.mark.parametrize("view", ["rear", "front"])
    def test_contacts_from_rear_and_front(
        self, synthetic_analysis: Callable[..., Analysis], synthetic_runner: Any, view: str
    ) -> None:
        """Without noise to 4 ms: a peak of speed is flatter than a crossing."""
        analysis, runner = synthetic_analysis(view, fps=60), synthetic_runner()
        for side in SIDES:
            found = analysis.events.time_s[analysis.events.select("initial_contact", side)]
            truth = runner.event_s(side, "initial_contact")
            assert len(found) == len(truth)
            np.testing.assert_allclose(found, truth, atol=0.004)

    @pytest.mark.parametrize("late_right", [-0.03, 0.03])
    def test_a_limp_is_kept(self, synthetic_runner: Any, late_right: float) -> None:
        """A right leg 3 % of a stride (22 ms) off half a stride; within 3 ms, 1 px noise."""
        runner = synthetic_runner(late_right=late_right)
        stances = _stances(runner.film("right", fps=60, noise_px=1.0), runner.stride_s)
        later = (stances["right"].contact_phase[0] - stances["left"].contact_phase[0]) % 1
        assert later == pytest.approx(0.5 + late_right, abs=0.004)
        assert not stances["left"].withheld

    def test_every_draw_scatters_by_the_rules_error(self, synthetic_runner: Any) -> None:
        """Contact's rule is known to 8 ms (95 %), and this foot's two ends differ by nothing: the 100 draws' spread is
        that, but for what 1.8 px of folding adds."""
        runner = synthetic_runner()
        stance = _stances(runner.film("right", fps=60), runner.stride_s)["right"]
        spread_s = 1.96 * np.std(stance.contact_phase[1:] - stance.contact_phase[0]) * runner.stride_s
        assert spread_s == pytest.approx(0.008, rel=0.1)

    def test_the_rules_error_stays_in_seconds_when_the_file_plays_slowly(self, synthetic_runner: Any) -> None:
        runner = synthetic_runner()
        normal, slow = (runner.film("right", fps=60, capture_speed=s) for s in (1.0, 0.125))
        first, second = (_stances(track, runner.stride_s)["right"] for track in (normal, slow))
        scatter = [(stance.contact_phase - stance.contact_phase[0] + 0.5) % 1 for stance in (first, second)]
        np.testing.assert_allclose(*scatter, atol=1e-4)
        assert second.duration[0] == pytest.approx(first.duration[0], abs=1e-3)


def _stances(track: Track, stride_s: float, scene: Scene | None = None) -> dict[Side, Stance]:
    scene = scene or find_scene(track, SceneRules())
    return stance_phases(track, scene, fold(track, Folding()), EventRules(), stride_s=stride_s)


class TestFarLeg:
    def far_leg_moved(self, synthetic_runner: Any, *, later: float = 0.0, slower: float = 1.0) -> dict[Side, Stance]:
        """A runner from the right whose hidden left foot is invented: late, or moving less."""
        runner = synthetic_runner()
        track = runner.film("right", noise_px=0.5)
        late = replace(runner, first_contact_s=runner.first_contact_s + later * runner.stride_s).film("right")
        xy = np.array(track.xy)
        for joint in ("knee", "ankle", "heel", "foot_index"):
            k = track.skeleton.index(f"left_{joint}")
            middle = np.median(track.xy[:, k, 0])
            xy[:, k] = late.xy[:, k]
            xy[:, k, 0] = middle + slower * (late.xy[:, k, 0] - middle)
        return _stances(track.with_xy(xy), runner.stride_s)

    def test_is_believed_where_it_fits(self, synthetic_runner: Any) -> None:
        stance = self.far_leg_moved(synthetic_runner)["left"]
        assert stance.withheld == ""
        assert stance.contact_method != HALF_STRIDE_METHOD

    @pytest.mark.parametrize(
        ("change", "reason"),
        [
            ({"later": 0.15}, "its contact comes 1[0-9]% of a stride away from half a stride after the right one"),
            ({"slower": 0.5}, "its foot moves back at [45][0-9]% of the right foot's speed"),
        ],
    )
    def test_is_timed_by_the_near_leg_where_it_does_not(
        self, synthetic_runner: Any, change: dict[str, float], reason: str
    ) -> None:
        stances = self.far_leg_moved(synthetic_runner, **change)
        near, far = stances["right"], stances["left"]
        assert near.withheld == ""
        assert far.withheld.startswith("the left leg is hidden")
        assert re.search(reason, far.withheld)
        assert far.contact_method == far.toe_off_method == HALF_STRIDE_METHOD
        assert apart(far.contact_phase[0], near.contact_phase[0] + 0.5) < 1e-9
        assert apart(far.toe_off_phase[0], near.toe_off_phase[0] + 0.5) < 1e-9
        assert np.isnan(far.foot_speed_px).all()
        assert np.std(far.contact_phase[1:] - far.contact_phase[0]) > np.std(near.contact_phase[1:])

    @pytest.mark.parametrize("missing", ["heel", "foot_index"])
    def test_one_end_of_the_foot_is_enough_for_contacts(self, synthetic_runner: Any, missing: str) -> None:
        """The near foot's other end never seen: contacts as with both, to 5 ms; without the forefoot toe-off by the
        knee alone."""
        runner = synthetic_runner()
        track = runner.film("right", noise_px=0.5)
        xy = np.array(track.xy)
        xy[:, track.skeleton.index(f"right_{missing}")] = np.nan
        whole, half = (_stances(t, runner.stride_s)["right"] for t in (track, track.with_xy(xy)))
        assert apart(half.contact_phase[0], whole.contact_phase[0]) * runner.stride_s < 0.005
        assert np.isfinite(half.toe_off_phase[0])
        spread = [float(np.std(stance.contact_phase[1:] - stance.contact_phase[0])) for stance in (whole, half)]
        assert spread[1] > 1.2 * spread[0], "nothing contradicts the one end, so it is less sure"
        if missing == "foot_index":
            assert half.toe_off_method == "foot leaves the belt (0%) and straightest knee (100%)"

    def test_is_timed_by_the_near_leg_where_the_scene_refused_it(self, synthetic_runner: Any) -> None:
        """However well its events fit, and whatever grade but D it has."""
        runner = synthetic_runner()
        track = runner.film("right", noise_px=0.5)
        scene = find_scene(track, SceneRules())
        for grade in ("C", "D"):
            leg = LegQuality(grade, ("the left foot lies on the right one",))  # type: ignore[arg-type]
            legs = _stances(track, runner.stride_s, replace(scene, legs={**scene.legs, "left": leg}))
            assert (legs["left"].contact_method == HALF_STRIDE_METHOD) is (grade == "D")
            assert ("the left foot lies on the right one" in legs["left"].withheld) is (grade == "D")
            assert legs["right"].withheld == ""

    def test_hidden_feet_tell_nothing_though_the_model_draws_them(self, synthetic_runner: Any) -> None:
        """Where the scene says that the feet can't be seen, the pelvis times the landings, with its own wide error."""
        runner = synthetic_runner()
        track = runner.film("right", noise_px=0.5)
        hidden = replace(find_scene(track, SceneRules()), feet_hidden="the feet can't be seen")
        stances = _stances(track, runner.stride_s, hidden)
        for stance in stances.values():
            assert stance.contact_method == "body's fastest fall"
            assert np.isnan(stance.foot_speed_px).all()
            assert np.std(stance.contact_phase[1:] - stance.contact_phase[0]) * runner.stride_s > 0.018
        assert apart(stances["right"].contact_phase[0], stances["left"].contact_phase[0] + 0.5) < 0.02

    def test_a_foot_that_was_never_found_in_a_long_clip_gets_a_reason_too(self, synthetic_runner: Any) -> None:
        """Of 41 strides, so that there are windows, in none of which there is an event."""
        runner = synthetic_runner(duration_s=32)
        track = runner.film("right", noise_px=0.5)
        xy = np.array(track.xy)
        xy[:, [track.skeleton.index(f"left_{joint}") for joint in ("heel", "foot_index")]] = np.nan
        far = _stances(track.with_xy(xy), runner.stride_s)["left"]
        assert far.withheld.endswith("its contact or toe-off can't be found")
        assert len(far.contact_shift) >= 3
        assert np.isfinite(far.contact_shift).all()

    def test_a_foot_that_was_never_found_gets_a_reason_in_words(self, synthetic_runner: Any) -> None:
        track = synthetic_runner().film("right", noise_px=0.5)
        xy = np.array(track.xy)
        xy[:, [track.skeleton.index(f"left_{joint}") for joint in ("heel", "foot_index")]] = np.nan
        far = _stances(track.with_xy(xy), 120 / 165)["left"]
        assert far.withheld.endswith("its contact or toe-off can't be found")


def two_legs(contact: float = 0.1, toe_off: float = 0.4) -> dict[Side, Stance]:
    """Stances without any error; the right leg half a stride after the left."""
    none = np.full(101, np.nan)
    return {
        side: Stance(side, np.full(101, contact + s) % 1, np.full(101, toe_off + s) % 1, none, "by hand", "by hand")
        for side, s in zip(SIDES, (0.0, 0.5), strict=True)
    }


@pytest.fixture
def plain(synthetic_runner: Any) -> tuple[Track, Cycle]:
    """10 s at 30 fps in which every stride lasts exactly 0.8 s and the phase is 0 at 0 s."""
    track = synthetic_runner(duration_s=10).film("right")
    cycle = fold(track, Folding())
    unknown = np.full_like(cycle.coefficients, np.nan)  # so that no stride tells a deviation of its own
    return track, replace(cycle, phase=track.video.file_time_s / 0.8, period_s=0.8, coefficients=unknown)


class TestEvents:
    def test_every_stride_has_each_event_in_its_place(self, plain: tuple[Track, Cycle]) -> None:
        track, cycle = plain
        events = find_events(track, cycle, two_legs(), EventRules())
        for side, start in (("left", 0.1), ("right", 0.6)):
            expected = np.arange(0, 13)[:, None] * 0.8 + 0.8 * np.array([start, (start + 0.3) % 1])
            for kind, column in zip(("initial_contact", "toe_off"), expected.T, strict=True):
                truth = column[column <= track.video.file_time_s[-1]]
                found = events.time_s[events.select(kind, side)]  # type: ignore[arg-type]
                np.testing.assert_allclose(found, truth, atol=1e-9)
        assert (np.diff(events.time_s) > 0).all()

    def test_uncertainty_is_the_draws_and_the_strides_own(self, plain: tuple[Track, Cycle]) -> None:
        """No draw differs, so only a stride's own 8 ms are left; with 1 % of a stride of scatter 1.96 x 8 ms more."""
        track, cycle = plain
        exact = find_events(track, cycle, two_legs(), EventRules(stride_deviation_s=0.008))
        np.testing.assert_allclose(exact.uncertainty_s, 0.008)
        stances = two_legs()
        scatter = np.random.default_rng(0).normal(0, 0.01, 101)
        scatter[0] = 0
        stances["left"] = replace(stances["left"], contact_phase=(stances["left"].contact_phase + scatter) % 1)
        noisy = find_events(track, cycle, stances, EventRules(stride_deviation_s=0.008))
        widths = noisy.uncertainty_s[noisy.select("initial_contact", "left")]
        assert widths == pytest.approx(np.hypot(0.008, 1.96 * 0.8 * scatter[1:].std()), rel=0.15)

    def test_a_phase_at_the_seam_is_as_sure_as_elsewhere(self, plain: tuple[Track, Cycle]) -> None:
        track, cycle = plain
        stances = two_legs(contact=0.0)
        scatter = np.random.default_rng(0).normal(0, 0.01, 101)
        scatter[0] = 0
        stances["left"] = replace(stances["left"], contact_phase=scatter % 1)
        events = find_events(track, cycle, stances, EventRules())
        assert events.uncertainty_s[events.select("initial_contact", "left")].max() < 0.025

    def test_an_unknown_toe_off_is_left_out(self, plain: tuple[Track, Cycle]) -> None:
        track, cycle = plain
        stances = two_legs()
        stances["left"] = replace(stances["left"], toe_off_phase=np.full(101, np.nan))
        events = find_events(track, cycle, stances, EventRules())
        assert not events.select("toe_off", "left").any()
        assert events.select("toe_off", "right").any()

    def test_slow_motion_shrinks_times_and_their_errors(self, plain: tuple[Track, Cycle]) -> None:
        track, cycle = plain
        events = find_events(track, cycle, two_legs(), EventRules())
        real = in_real_time(events, 0.125)
        np.testing.assert_allclose(real.time_s, events.file_time_s / 8)
        np.testing.assert_allclose(real.uncertainty_s, events.uncertainty_s / 8)
        np.testing.assert_array_equal(real.file_time_s, events.file_time_s)


class TestStrides:
    @pytest.mark.parametrize("capture_speed", [1.0, 0.125])
    def test_a_row_per_stride_and_side_in_real_seconds(self, plain: tuple[Track, Cycle], capture_speed: float) -> None:
        track, cycle = plain
        stances = two_legs()
        events = find_events(track, cycle, stances, EventRules())
        table = find_strides(events, cycle, stances, track, capture_speed=capture_speed)
        for side, start in (("left", 0.1), ("right", 0.6)):
            rows = table[table["side"] == side]
            # 10 s / 0.8 s are 12.4 strides: the last contact of the left leg is the 13th, of the right the 12th.
            assert len(rows) == (12 if side == "left" else 11)
            assert rows["stride"].tolist() == list(range(len(rows)))
            np.testing.assert_allclose(rows["stride_time_s"], 0.8 * capture_speed)
            np.testing.assert_allclose(rows["toe_off_s"] - rows["time_s"], 0.3 * 0.8 * capture_speed)
            np.testing.assert_allclose(rows["phase"], start + np.arange(len(rows)), atol=1e-9)
            np.testing.assert_allclose(rows["time_s"], rows["file_time_s"] * capture_speed)
        assert (table["rejected"] == "").all()
        assert (np.diff(table["time_s"]) > 0).all()

    def test_a_stumble_is_rejected_with_its_reason(self, plain: tuple[Track, Cycle]) -> None:
        track, cycle = plain
        time_s = track.video.file_time_s
        stumbled = replace(cycle, phase=np.interp(time_s, [0, 4, 5.2, 10], [0, 5, 6, 12]))  # one stride of 1.2 s
        stances = two_legs(contact=0.0)
        events = find_events(track, stumbled, stances, EventRules())
        table = find_strides(events, stumbled, stances, track, capture_speed=1.0)
        left = table[table["side"] == "left"]
        assert left["rejected"].tolist().count("50% longer or shorter than the median stride") == 1
        assert (left["rejected"] != "").sum() == 1

    def test_a_stride_in_which_nobody_is_seen_is_rejected(self, plain: tuple[Track, Cycle]) -> None:
        """From 4.0 to 5.6 s: the left leg's strides from 4.08 and from 4.88 s lie in it, the one from 3.28 s hardly."""
        track, cycle = plain
        time_s, stances = track.video.file_time_s, two_legs()
        seen = (time_s < 4.0) | (time_s > 5.6)
        events = find_events(track, cycle, stances, EventRules())
        table = find_strides(events, cycle, stances, track, capture_speed=1.0, seen=seen)
        left = table[(table["side"] == "left") & (table["rejected"] != "")]
        assert left["time_s"].tolist() == pytest.approx([4.08, 4.88])
        assert left["rejected"].str.startswith("the runner is seen in only").all()

    @pytest.mark.parametrize("fault", ["hidden", "elsewhere"])
    def test_a_stride_in_which_a_leg_is_not_as_in_the_others_is_rejected(
        self, synthetic_runner: Any, fault: str
    ) -> None:
        """The left leg from 4 to 5.6 s, two strides of 0.73 s: unseen, or 60 px (15 cm) from its way; the right leg's
        strides stay."""
        track = synthetic_runner(duration_s=10).film("right", noise_px=1.0)
        xy, time_s = np.array(track.xy), track.video.file_time_s
        rows = np.ix_((time_s > 4) & (time_s < 5.6), [track.skeleton.index(f"left_{j}") for j in LEG_JOINTS])
        xy[rows] = np.nan if fault == "hidden" else xy[rows] + 60
        track = track.with_xy(xy)
        cycle, scene = fold(track, Folding()), find_scene(track, SceneRules())
        stances = stance_phases(track, scene, cycle, EventRules(), stride_s=cycle.period_s)
        events = find_events(track, cycle, stances, EventRules())
        table = find_strides(events, cycle, stances, track, capture_speed=1.0)
        bad = table[table["rejected"] != ""]
        reason = (
            "the left leg is seen in only" if fault == "hidden" else "the left leg moves otherwise than in the other"
        )
        assert 1 <= len(bad) <= 3
        assert (bad["side"] == "left").all()
        assert bad["rejected"].str.startswith(reason).all()
        assert ((bad["end_s"] > 4) & (bad["time_s"] < 5.6)).all()

    def test_a_runner_who_speeds_up_is_no_fault(self, synthetic_runner: Any) -> None:
        """From 2.6 to 2.9 m/s after 31 of 45 s, with exact keypoints and strides all alike: all of them count."""
        before = synthetic_runner(duration_s=45, belt_mps=2.6, cadence_spm=162.0, duty=0.36)
        done = before.phase(np.array([31.0]))[0]  # strides, from which the faster running goes on
        after = replace(before, belt_mps=2.9, cadence_spm=164.0, duty=0.35, first_contact_s=31.0 - done * 120 / 164.0)
        slow, fast = (runner.film("right", fps=60, noise_px=1.0) for runner in (before, after))
        later = slow.video.file_time_s > 31
        track = slow.with_xy(np.where(later[:, None, None], fast.xy, slow.xy))
        cycle, scene = fold(track, Folding()), find_scene(track, SceneRules())
        stances = stance_phases(track, scene, cycle, EventRules(), stride_s=cycle.period_s)
        events = find_events(track, cycle, stances, EventRules())
        table = find_strides(events, cycle, stances, track, capture_speed=1.0)
        bad = table[table["rejected"] != ""]
        assert bad.empty, bad["rejected"].tolist()

    def test_no_events_no_strides(self, plain: tuple[Track, Cycle]) -> None:
        track, cycle = plain
        stances = two_legs()
        table = find_strides(no_events(), cycle, stances, track, capture_speed=1.0)
        some = find_strides(find_events(track, cycle, stances, EventRules()), cycle, stances, track, capture_speed=1.0)
        assert table.empty
        assert list(table.columns) == list(no_strides().columns)
        assert set(table.columns) == set(some.columns)


def test_where_nobody_is_seen_for_long_no_events_are_told(synthetic_runner: Any) -> None:
    """Up to half a stride from the last sight they follow from the others; beyond it they would be made up."""
    runner = synthetic_runner(duration_s=16)
    track = runner.film("right", noise_px=1.0)
    xy = np.array(track.xy)
    xy[180:300] = np.nan  # 6 to 10 s
    gone = track.with_xy(xy)
    cycle, scene = fold(gone, Folding()), find_scene(gone, SceneRules())
    stances = stance_phases(gone, scene, cycle, EventRules(), stride_s=cycle.period_s)
    times_s = find_events(gone, cycle, stances, EventRules()).file_time_s
    reach_s = 0.5 * cycle.period_s
    assert not ((times_s > 6 + reach_s) & (times_s < 10 - reach_s)).any()
    assert ((times_s > 5) & (times_s < 6 + reach_s)).sum() >= 6
    assert ((times_s > 10 - reach_s) & (times_s < 11)).sum() >= 6
