"""The simulated runner against physics, against what was asked of it, and against the force-plate runner."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gait.errors import ConfigError
from gait.model import SIDES, FloatArray, Side
from gait.simulate import Change, Moving, Run, Runner, Variation, simulate_run, with_femoral_adduction
from gait.simulate.body import SOLE

RBDS = Path(__file__).parents[2].parent / "shared" / "data" / "rbds"
STEADY = Variation.none()
RUNNERS = [
    Runner.typical(2.3, height_m=1.6, overstride_leg_lengths=0.36),
    Runner.typical(3.0),
    Runner.typical(3.5, foot_strike_deg=2.0, height_m=1.9),
    Runner.typical(4.5, foot_strike_deg=-8.0),
]


def strike(runner: Runner) -> str:
    return f"{runner.speed_mps:g} m/s, foot {runner.foot_strike_deg:.0f} deg"


@pytest.fixture(params=RUNNERS, ids=strike, scope="module")
def run(request: pytest.FixtureRequest) -> Run:
    return simulate_run(request.param, 8.0, seed=3)


def stances_within(run: Run, side: Side) -> list[tuple[float, float]]:
    pairs = zip(run.contact_s[side], run.toe_off_s[side], strict=True)
    return [(a, b) for a, b in pairs if a > 0.2 and b < run.duration_s - 0.2]


def turn_deg(one: FloatArray, two: FloatArray) -> FloatArray:
    cosine = (one * two).sum(axis=1) / np.linalg.norm(one, axis=1) / np.linalg.norm(two, axis=1)
    return np.degrees(np.arccos(np.clip(cosine, -1, 1)))


def knee_flexion_deg(joints: dict[str, FloatArray], side: Side) -> FloatArray:
    hip, knee, ankle = (joints[f"{side}_{name}"] for name in ("hip", "knee", "ankle"))
    return turn_deg(knee - hip, ankle - knee)


def mid_hip(joints: dict[str, FloatArray]) -> FloatArray:
    return (joints["left_hip"] + joints["right_hip"]) / 2


class TestPhysics:
    def test_the_touching_point_of_the_sole_moves_with_the_belt(self, run: Run) -> None:
        """Within 1 %, from when shoe and foot have taken load (60 ms) to toe-off: the sole, carried by the keypoints of
        the foot, is where it touches as fast as the belt."""
        points = SOLE * run.runner.height_m
        toe_out = np.radians(run.runner.toe_out_deg)
        for side in SIDES:
            out = 1 if side == "right" else -1
            for contact, toe_off in stances_within(run, side)[:4]:
                time_s = np.arange(contact + 0.061, toe_off - 0.002, 0.002)
                here, then = run.joints_at(time_s), run.joints_at(time_s + 1e-5)

                def sole(joints: dict[str, FloatArray], side: Side = side, out: int = out) -> FloatArray:
                    heel, toe, ankle = (joints[f"{side}_{name}"] for name in ("heel", "foot_index", "ankle"))
                    flat = np.arctan2(-0.030 + 0.026, 0.085 + 0.037)
                    pitch = np.arctan2(toe[:, 1] - heel[:, 1], np.hypot(*(toe - heel)[:, [0, 2]].T)) - flat
                    along = np.outer(np.cos(pitch), points[:, 0]) - np.outer(np.sin(pitch), points[:, 1])
                    up = np.outer(np.sin(pitch), points[:, 0]) + np.outer(np.cos(pitch), points[:, 1])
                    return np.stack(
                        [
                            ankle[:, [0]] + np.cos(toe_out) * along,
                            ankle[:, [1]] + up,
                            ankle[:, [2]] + out * np.sin(toe_out) * along,
                        ],
                        axis=2,
                    )

                before, after = sole(here), sole(then)
                lowest = before[:, :, 1].argmin(axis=1)
                velocity = (after - before)[np.arange(len(time_s)), lowest] / 1e-5
                belt = run.belt_speed_mps_at(time_s)
                np.testing.assert_allclose(-velocity[:, 0], belt, rtol=0.01)
                np.testing.assert_allclose(velocity[:, 2], 0, atol=0.01 * belt.mean())

    def test_flight_is_free_fall(self, run: Run) -> None:
        dt = 0.002
        for side in SIDES:
            other: Side = "left" if side == "right" else "right"
            for _, toe_off in stances_within(run, side):
                landing = run.contact_s[other][run.contact_s[other] > toe_off][0]
                time_s = np.arange(toe_off + dt, landing - dt, dt)
                if len(time_s) < 3:
                    continue
                height = [mid_hip(run.joints_at(time_s + lag))[:, 1] for lag in (-dt, 0.0, dt)]
                fall = (height[0] - 2 * height[1] + height[2]) / dt**2
                np.testing.assert_allclose(fall, -9.81, rtol=0.002)

    def test_the_pelvis_moves_without_jumps(self, run: Run) -> None:
        """Position and velocity go on through every contact and toe-off, for the push adds up to what the fall took."""
        events = np.concatenate([np.ravel(stances_within(run, side)) for side in SIDES])
        eps = 1e-5
        places = [mid_hip(run.joints_at(events + lag)) for lag in (-2 * eps, -eps, eps, 2 * eps)]
        np.testing.assert_allclose(places[2], places[1], atol=1e-4)
        before, after = (places[1] - places[0]) / eps, (places[3] - places[2]) / eps
        np.testing.assert_allclose(after[:, 1], before[:, 1], atol=0.005)

    def test_every_joint_goes_on_through_the_events(self, run: Run) -> None:
        events = np.concatenate([np.ravel(stances_within(run, side)) for side in SIDES])
        eps = 1e-5
        before, after = run.joints_at(events - eps), run.joints_at(events + eps)
        for name, places in before.items():
            np.testing.assert_allclose(after[name], places, atol=0.002, err_msg=name)

    def test_no_joint_is_thrown(self, run: Run) -> None:
        """Markers of runners reach some 200 m/s^2 at landing; a seam of 1 cm or of 1 m/s would add 600 or 250."""
        time_s = np.arange(0.5, 4, 0.004)
        for name, places in run.joints_at(time_s).items():
            acceleration = np.diff(places, n=2, axis=0) / 0.004**2
            assert np.linalg.norm(acceleration, axis=1).max() < 350, name

    def test_nothing_is_below_the_deck(self, run: Run) -> None:
        joints = run.joints_at(np.arange(0, 8, 0.004))
        assert min(places[:, 1].min() for places in joints.values()) > 0.005

    @pytest.mark.parametrize("side", SIDES)
    def test_no_sole_is_below_the_belt(self, side: Side) -> None:
        """Slow runners, whose foot leaves the belt nearly level, are the worst case; 2 mm is seen by nobody."""
        for runner in (Runner.typical(2.0), Runner.typical(3.0, overstride_leg_lengths=0.34), Runner(cadence_spm=200)):
            run = simulate_run(runner, 3, seed=1)
            time_s = np.arange(0, 3, 0.002)
            foot = run.figure_at(time_s).turns[f"{side}_foot"]
            ankle = run.joints_at(time_s)[f"{side}_ankle"]
            heights = ankle[:, 1, None] + (foot[:, 1, :2] @ (SOLE * runner.height_m).T)
            assert heights.min() > -0.002

    @pytest.mark.parametrize("knee_deg", [4.0, 8.0])
    def test_a_nearly_straight_knee_meets_its_stance(self, knee_deg: float) -> None:
        run = simulate_run(Runner(knee_flexion_at_contact_deg=knee_deg), 4, variation=STEADY)
        contacts = run.contact_s["left"][3:6]
        before, after = run.joints_at(contacts - 1e-6), run.joints_at(contacts + 1e-6)
        np.testing.assert_allclose(after["left_ankle"], before["left_ankle"], atol=2e-5)

    def test_bones_keep_their_length(self, run: Run) -> None:
        joints = run.joints_at(np.arange(0, 4, 0.01))
        body = run.runner.body
        bones = [("hip", "knee", body.thigh_m), ("knee", "ankle", body.shank_m), ("elbow", "wrist", body.forearm_m)]
        for side in SIDES:
            for one, other, length_m in bones:
                length = np.linalg.norm(joints[f"{side}_{one}"] - joints[f"{side}_{other}"], axis=1)
                np.testing.assert_allclose(length, length_m, rtol=1e-6)

    def test_no_knee_bends_the_wrong_way(self, run: Run) -> None:
        joints = run.joints_at(np.arange(0, 8, 0.004))
        for side in SIDES:
            hip, knee, ankle = (joints[f"{side}_{name}"] for name in ("hip", "knee", "ankle"))
            thigh = np.arctan2(knee[:, 0] - hip[:, 0], hip[:, 1] - knee[:, 1])
            shank = np.arctan2(ankle[:, 0] - knee[:, 0], knee[:, 1] - ankle[:, 1])
            assert (thigh - shank).min() > -0.005


class TestWhatWasAsked:
    def test_cadence_and_duty_factor(self) -> None:
        run = simulate_run(Runner(cadence_spm=172.0, duty_factor=0.34), 20, variation=STEADY)
        for side in SIDES:
            np.testing.assert_allclose(np.diff(run.contact_s[side]), 120 / 172, rtol=1e-9)
            np.testing.assert_allclose(run.toe_off_s[side] - run.contact_s[side], 0.34 * 120 / 172, rtol=1e-9)
        apart = run.contact_s["right"][:5] - run.contact_s["left"][:5]
        np.testing.assert_allclose(apart % (120 / 172), 60 / 172, rtol=1e-9)

    @pytest.mark.parametrize("side", SIDES)
    def test_landing(self, side: Side) -> None:
        runner = Runner(
            overstride_leg_lengths=0.25,
            overstride_asymmetry_leg_lengths=0.04,
            knee_flexion_at_contact_deg=14,
            knee_flexion_asymmetry_deg=6,
            foot_strike_deg=9,
        )
        run = simulate_run(runner, 6, variation=STEADY)
        half = 0.5 if side == "right" else -0.5
        joints = run.joints_at(run.contact_s[side][3:6] + 1e-9)
        ahead = (joints[f"{side}_ankle"] - mid_hip(joints))[:, 0] / runner.body.leg_m
        np.testing.assert_allclose(ahead, 0.25 + half * 0.04, atol=1e-4)
        np.testing.assert_allclose(knee_flexion_deg(joints, side), 14 + half * 6, atol=0.1)

    @pytest.mark.parametrize("side", SIDES)
    def test_toe_off_and_swing(self, side: Side) -> None:
        runner = Runner(knee_flexion_at_toe_off_deg=19, swing_knee_flexion_deg=104)
        run = simulate_run(runner, 6, variation=STEADY)
        at_toe_off = run.joints_at(run.toe_off_s[side][3:6])
        np.testing.assert_allclose(knee_flexion_deg(at_toe_off, side), 19, atol=0.1)
        swing = run.joints_at(np.arange(1, 4, 0.002))
        assert knee_flexion_deg(swing, side).max() == pytest.approx(104, abs=0.6)

    @pytest.mark.parametrize("valgus_deg", [-2.0, 5.0, 14.0])
    def test_projection_angle_and_drop(self, valgus_deg: float) -> None:
        """From the rear, in the middle of stance; half a degree, for the knee comes down a little as it turns in."""
        runner = Runner(
            valgus_left_deg=valgus_deg, valgus_right_deg=3.0, pelvic_drop_left_deg=8.0, pelvic_drop_right_deg=2.0
        )
        run = simulate_run(runner, 6, variation=STEADY)
        wanted: dict[Side, tuple[float, float]] = {"left": (valgus_deg, 8.0), "right": (3.0, 2.0)}
        for side, (angle, drop) in wanted.items():
            out = 1 if side == "right" else -1
            middle = run.contact_s[side] + 0.45 * (run.toe_off_s[side] - run.contact_s[side])
            joints = run.joints_at(middle[3:6])
            hip, knee, ankle = (joints[f"{side}_{name}"][:, [2, 1]] for name in ("hip", "knee", "ankle"))
            thigh, shank = knee - hip, ankle - knee
            turn = np.arctan2(thigh[:, 0], -thigh[:, 1]) - np.arctan2(shank[:, 0], -shank[:, 1])
            np.testing.assert_allclose(-out * np.degrees(turn), angle, atol=0.5)
            across = joints["right_hip"] - joints["left_hip"]
            obliquity = np.degrees(np.arctan2(across[:, 1], np.hypot(across[:, 0], across[:, 2])))
            np.testing.assert_allclose(out * obliquity, drop, atol=0.05)

    @pytest.mark.parametrize("adduction_deg", [2.0, 6.0, 11.0])
    def test_femoral_adduction(self, adduction_deg: float) -> None:
        runner = with_femoral_adduction(Runner(valgus_right_deg=6.0), right_deg=adduction_deg)
        run = simulate_run(runner, 6, variation=STEADY)
        middle = run.contact_s["right"] + 0.45 * (run.toe_off_s["right"] - run.contact_s["right"])
        joints = run.joints_at(middle[3:6])
        thigh = joints["right_knee"] - joints["right_hip"]
        np.testing.assert_allclose(np.degrees(np.arctan2(-thigh[:, 2], -thigh[:, 1])), adduction_deg, atol=0.7)

    def test_width_lean_and_sides(self) -> None:
        runner = Runner(step_width_m=0.12, trunk_lean_deg=9.0)
        run = simulate_run(runner, 6, variation=STEADY)
        heels = {}
        for side in SIDES:
            middle = run.contact_s[side] + 0.35 * (run.toe_off_s[side] - run.contact_s[side])
            heels[side] = run.joints_at(middle[3:6])[f"{side}_heel"][:, 2].mean()
        assert heels["right"] - heels["left"] == pytest.approx(0.12, abs=0.001)
        joints = run.joints_at(np.arange(1, 5, 0.01))
        trunk = (joints["left_shoulder"] + joints["right_shoulder"]) / 2 - mid_hip(joints)
        assert np.degrees(np.arctan2(trunk[:, 0], trunk[:, 1])).mean() == pytest.approx(9.0, abs=0.2)
        assert (joints["left_shoulder"][:, 2] < joints["right_shoulder"][:, 2]).all()

    def test_asymmetry_of_times(self) -> None:
        run = simulate_run(Runner(step_time_asymmetry=0.06, contact_time_asymmetry=-0.08), 10, variation=STEADY)
        contacts = {side: run.contact_s[side][2:10] for side in SIDES}
        merged = np.sort(np.concatenate(list(contacts.values())))
        steps: dict[Side, float] = {}
        for side in SIDES:
            following = merged[np.searchsorted(merged, contacts[side][:-1], side="right")]
            steps[side] = float((following - contacts[side][:-1]).mean())
        mean = (steps["left"] + steps["right"]) / 2
        assert (steps["right"] - steps["left"]) / mean == pytest.approx(0.06, abs=1e-6)
        stance = {side: float((run.toe_off_s[side] - run.contact_s[side]).mean()) for side in SIDES}
        difference = (stance["right"] - stance["left"]) / np.mean(list(stance.values()))
        assert difference == pytest.approx(-0.08, abs=1e-6)

    def test_who_can_not_be_is_refused(self) -> None:
        with pytest.raises(ConfigError, match="can't reach its foot"):
            simulate_run(Runner(speed_mps=5.0, overstride_leg_lengths=0.1, duty_factor=0.4), 4)
        with pytest.raises(ConfigError, match="never be in the air"):
            simulate_run(Runner(duty_factor=0.48, contact_time_asymmetry=0.2), 4, variation=STEADY)
        with pytest.raises(ConfigError, match="overstride_leg_lengths"):
            Runner(overstride_leg_lengths=0.9)
        with pytest.raises(ConfigError, match="valgus can't vary"):
            simulate_run(changes=[Change("valgus", 2.0)])

    @settings(max_examples=25, deadline=None)
    @given(
        speed=st.floats(2.2, 4.0),
        height=st.floats(1.55, 1.95),
        strike_deg=st.floats(-10, 16),
        overstride=st.floats(0.17, 0.36),
        valgus=st.floats(-4, 15),
    )
    def test_a_typical_runner_with_any_strike_can_be(
        self, speed: float, height: float, strike_deg: float, overstride: float, valgus: float
    ) -> None:
        usual = Runner.typical(speed, height_m=height)
        chosen = max(overstride, usual.overstride_leg_lengths - 0.04)
        runner = Runner.typical(
            speed,
            height_m=height,
            foot_strike_deg=strike_deg,
            overstride_leg_lengths=chosen,
            valgus_left_deg=valgus,
        )
        joints = simulate_run(runner, 2, seed=1).joints_at(np.arange(0, 2, 0.01))
        assert all(np.isfinite(places).all() for places in joints.values())
        assert min(places[:, 1].min() for places in joints.values()) > -0.005


class TestOverTime:
    @pytest.mark.parametrize(
        "change",
        [
            Change("toe_out_deg", 12.0, "step", 2.0),
            Change("foot_strike_deg", -12.0, "step", 2.0),
            Change("speed_mps", 0.6, "step", 2.0),
            Change("step_width_m", 0.05, "ramp", 1.0),
        ],
        ids=lambda change: change.parameter,
    )
    def test_no_change_makes_a_joint_jump(self, change: Change) -> None:
        run = simulate_run(Runner(), 5, changes=[change], variation=STEADY)
        events = np.concatenate([np.ravel(stances_within(run, side)) for side in SIDES])
        before, after = run.joints_at(events - 1e-6), run.joints_at(events + 1e-6)
        for name, places in before.items():
            np.testing.assert_allclose(after[name], places, atol=1e-4, err_msg=name)

    @pytest.mark.parametrize(
        "wrong",
        [
            lambda: Change("trunk_lean_deg", float("nan")),
            lambda: Change("trunk_lean_deg", 3.0, kind="sudden"),  # type: ignore[arg-type]
            lambda: Variation(sd={"trunk_lean_deg": -1.0}),
            lambda: simulate_run(changes=[Change("cadence_spm", -166.0)]),
            lambda: simulate_run(changes=[Change("foot_strike_deg", 90.0, "step", 3.0)]),
            lambda: simulate_run(duration_s=0.0),
            lambda: simulate_run(duration_s=float("nan")),
        ],
    )
    def test_what_makes_no_sense_is_refused(self, wrong: Callable[[], object]) -> None:
        with pytest.raises(ConfigError):
            wrong()

    def test_the_table_says_what_came_out(self) -> None:
        """Where knee flexion at toe-off or contact can't be as asked, the table has what the joints show."""
        runner = Runner(overstride_leg_lengths=0.48, knee_flexion_at_contact_deg=2.0)
        run = simulate_run(runner, 4, variation=STEADY)
        table = run.step_table()
        left = table[table.side == "left"].iloc[2:5]
        assert left.knee_flexion_at_toe_off_deg.iloc[0] > runner.knee_flexion_at_toe_off_deg + 2
        for column, times in (("toe_off", left.toe_off_s), ("contact", left.contact_s + 1e-9)):
            shown = knee_flexion_deg(run.joints_at(times.to_numpy()), "left")
            np.testing.assert_allclose(shown, left[f"knee_flexion_at_{column}_deg"], atol=0.1)

    def test_the_same_seed_gives_the_same_run(self) -> None:
        time_s = np.arange(0, 3, 0.1)
        one, same, other = (simulate_run(Runner(), 3, seed=seed).joints_at(time_s) for seed in (5, 5, 6))
        for name in one:
            np.testing.assert_array_equal(one[name], same[name])
        assert np.abs(one["left_heel"] - other["left_heel"]).max() > 0.01

    def test_variation_is_as_large_as_asked(self) -> None:
        """Stride-to-stride SD over 2500 strides without memory: 5 % is three standard errors of an SD."""
        variation = Variation(sd={"cadence_spm": 2.0, "trunk_lean_deg": 0.7}, alpha=0.5)
        steps = simulate_run(Runner(cadence_spm=170), 1800, variation=variation).step_table()
        left = steps[steps.side == "left"]
        assert left.cadence_spm.std() == pytest.approx(2.0, rel=0.05)
        assert left.trunk_lean_deg.std() == pytest.approx(0.7, rel=0.05)
        assert left.overstride_leg_lengths.std() < 1e-12
        assert np.diff(left.contact_s).std() == pytest.approx(2.0 / 170 * 120 / 170, rel=0.05)

    @pytest.mark.parametrize(("kind", "half_way"), [("linear", 0.5), ("ramp", 1 / 3), ("step", 1.0)])
    def test_changes_come_when_they_should(self, kind: str, half_way: float) -> None:
        from_s = {"linear": 0.0, "ramp": 75.0, "step": 100.0}[kind]
        change = Change("cadence_spm", 9.0, kind=kind, from_s=from_s)  # type: ignore[arg-type]
        run = simulate_run(Runner(cadence_spm=165.0), 300, changes=[change], variation=STEADY)
        steps = run.step_table()
        spm = 60 / np.diff(steps.contact_s)

        def around(time_s: float) -> float:
            near = (steps.contact_s[:-1] > time_s - 3) & (steps.contact_s[:-1] < time_s + 3)
            return float(spm[near].mean())

        assert around(from_s - 4 if from_s else 0) == pytest.approx(165.0, abs=0.2)
        assert around(150) == pytest.approx(165 + 9 * half_way, abs=0.1)
        assert around(297) == pytest.approx(165 + change.at(np.array([297.0]), end_s=300)[0], abs=0.1)

    def test_the_foot_follows_a_belt_that_speeds_up(self) -> None:
        change = Change("speed_mps", 1.0, kind="linear", from_s=10, to_s=40)
        run = simulate_run(Runner(speed_mps=2.6), 50, changes=[change], variation=STEADY)
        for side in SIDES:
            flat = run.contact_s[side] + 0.32 * (run.toe_off_s[side] - run.contact_s[side])
            flat = flat[(flat > 1) & (flat < 49)]
            speed = -(run.joints_at(flat + 1e-4)[f"{side}_heel"] - run.joints_at(flat)[f"{side}_heel"])[:, 0] / 1e-4
            np.testing.assert_allclose(speed, run.belt_speed_mps_at(flat), rtol=0.01)
            assert speed[0] == pytest.approx(2.6, abs=0.01)
            assert speed[-1] == pytest.approx(3.6, abs=0.01)


RECORDED = {
    "RBDS001runT25": Runner(
        height_m=1.86,
        speed_mps=2.5,
        cadence_spm=156.8,
        duty_factor=0.362,
        overstride_leg_lengths=0.171,
        foot_strike_deg=4.0,
        knee_flexion_at_contact_deg=9.5,
        knee_flexion_at_toe_off_deg=15.0,
        swing_knee_flexion_deg=85.0,
    ),
    "RBDS001runT35": Runner(
        height_m=1.86,
        speed_mps=3.5,
        cadence_spm=171.1,
        duty_factor=0.32,
        overstride_leg_lengths=0.208,
        foot_strike_deg=5.0,
        knee_flexion_at_contact_deg=12.0,
        knee_flexion_at_toe_off_deg=13.0,
        swing_knee_flexion_deg=101.0,
    ),
}


@pytest.fixture(params=RECORDED, scope="module")
def pair(request: pytest.FixtureRequest) -> tuple[dict[str, FloatArray], dict[str, FloatArray]]:
    """Mean strides of the force-plate runner and of the simulated one."""
    from gait.validate.forceplate import load_run

    runner = RECORDED[request.param]
    measured = load_run(RBDS, request.param)
    return mean_stride(measured, runner), mean_stride(simulate_run(runner, 10, variation=STEADY), runner)


def mean_stride(moving: Moving, runner: Runner) -> dict[str, FloatArray]:
    """Mean of both legs over the stride, by 200 phases: angles in degrees, heel speed in belt speeds."""
    phases = np.arange(200) / 200
    curves: dict[str, list[FloatArray]] = {"thigh": [], "knee": [], "heel_speed": [], "height": []}
    for side in SIDES:
        contacts = moving.contact_s[side]
        contacts = contacts[(contacts > 0.5) & (contacts < moving.duration_s - 1)]
        for start, end in itertools.pairwise(contacts):
            if abs((end - start) * runner.cadence_spm / 120 - 1) > 0.1:
                continue
            time_s = start + (end - start) * phases
            joints = moving.joints_at(time_s)
            hip, knee, ankle, heel = (joints[f"{side}_{name}"] for name in ("hip", "knee", "ankle", "heel"))
            thigh = np.degrees(np.arctan2(knee[:, 0] - hip[:, 0], hip[:, 1] - knee[:, 1]))
            shank = np.degrees(np.arctan2(ankle[:, 0] - knee[:, 0], knee[:, 1] - ankle[:, 1]))
            curves["thigh"].append(thigh)
            curves["knee"].append(thigh - shank)
            curves["heel_speed"].append(-np.gradient(heel[:, 0], time_s) / runner.speed_mps)
            curves["height"].append(mid_hip(joints)[:, 1])
    return {name: np.mean(list_of, axis=0) for name, list_of in curves.items()}


@pytest.mark.skipif(not RBDS.is_dir(), reason="../shared/data/rbds is missing")
class TestAgainstTheForcePlate:
    """The runner of RBDS001 by their own cadence, contact time, overstride, strike and knee; 3.5 m/s had no part in the
    usual swing."""

    def test_thigh_and_knee_over_the_stride(self, pair: tuple[dict[str, FloatArray], dict[str, FloatArray]]) -> None:
        """As near as two healthy runners are to each other (SD between runners some 5 degrees)."""
        measured, simulated = pair
        for name in ("thigh", "knee"):
            rms = np.sqrt(np.mean((measured[name] - simulated[name]) ** 2))
            assert rms < 4.0, (name, rms)

    def test_the_foot_slows_to_the_belt_in_the_same_way(
        self, pair: tuple[dict[str, FloatArray], dict[str, FloatArray]]
    ) -> None:
        """From 45 ms before to 45 ms after contact, on which rules for the initial contact stand."""
        measured, simulated = pair
        around = np.arange(-12, 13)
        difference = measured["heel_speed"][around] - simulated["heel_speed"][around]
        assert np.abs(difference).max() < 0.25

    def test_the_pelvis_bounces_at_the_same_time(
        self, pair: tuple[dict[str, FloatArray], dict[str, FloatArray]]
    ) -> None:
        """Lowest and highest within 2 % of the stride (15 ms); 85 mm against 93: the pelvis goes further than the
        centre of mass, for which free fall holds."""
        measured, simulated = pair
        for extreme in (np.argmin, np.argmax):
            apart = (extreme(measured["height"][:100]) - extreme(simulated["height"][:100])) / 200
            assert abs(apart) < 0.02
        assert np.ptp(simulated["height"]) / np.ptp(measured["height"]) == pytest.approx(0.91, abs=0.06)
