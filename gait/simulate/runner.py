"""How somebody runs: what can be chosen."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from gait.errors import check_ranges
from gait.model import Side
from gait.simulate.body import Body

TYPICAL = Path(__file__).with_name("typical.toml")
# By what a leg can do, not from a measurement: who lands closer under the hip must reach further back at toe-off, and
# who lands flat or on the forefoot has no roll over the heel that spares the knee.
MORE_BENT_DEG_PER_LEG_LENGTH = 110.0
MORE_BENT_DEG_PER_STRIKE_DEG = 0.35


@dataclass(frozen=True, slots=True)
class Runner:
    """A runner on a treadmill, by the independent parameters of the stride.

    Given: what stands here. What follows from it:

    - stride, step, contact and flight times from `cadence_spm` and `duty_factor`;
    - the vertical oscillation and the landing speed from these times: the body falls freely in flight, and one smooth
      push per stance throws it up again;
    - the height of the hip from `overstride_leg_lengths`, `knee_flexion_at_contact_deg` and the foot strike;
    - thigh and shank angles at contact, the knee's flexion through stance, how far the foot has rolled at toe-off from
      the hip's path and the belt's;
    - femoral adduction from step width, pelvic sway and projection angle (`with_femoral_adduction` finds the sway).

    Left and right differ where there are two parameters, and by the `..._asymmetry`s: right minus left.

    Parameters
    ----------
    overstride_leg_lengths
        Ankle ahead of mid-hip at initial contact over leg length.
    foot_strike_deg
        Pitch of the foot at initial contact, + toes up: about 12 a rearfoot, 2 a midfoot, -8 a forefoot striker.
    knee_flexion_at_contact_deg
        At least 4 degrees are kept: a straighter leg couldn't give way.
    knee_flexion_at_toe_off_deg
        The knee is bent more where the foot would have to stay flat for it (large overstride, low speed).
    swing_knee_flexion_deg
        Largest in swing; under 75 degrees it can't get, as the leg leaves the ground bending.
    valgus_left_deg, valgus_right_deg
        Frontal plane projection angle in the middle of stance, + with the knee inward.
    pelvic_sway_left_m, pelvic_sway_right_m
        How far the pelvis moves over the standing leg, + towards it.
    step_time_asymmetry
        Step time of the right minus that of the left leg over their mean; a step belongs to the leg that begins it.
    contact_time_asymmetry
        Contact time of the right minus that of the left leg over their mean.
    """

    height_m: float = 1.75
    build: float = 1.0
    speed_mps: float = 3.0
    cadence_spm: float = 166.0
    duty_factor: float = 0.36
    overstride_leg_lengths: float = 0.225
    foot_strike_deg: float = 12.0
    knee_flexion_at_contact_deg: float = 11.0
    knee_flexion_at_toe_off_deg: float = 16.0
    swing_knee_flexion_deg: float = 97.0
    trunk_lean_deg: float = 7.0
    lateral_trunk_lean_deg: float = 1.5
    step_width_m: float = 0.09
    toe_out_deg: float = 7.0
    pelvic_drop_left_deg: float = 4.5
    pelvic_drop_right_deg: float = 4.5
    valgus_left_deg: float = 3.0
    valgus_right_deg: float = 3.0
    pelvic_sway_left_m: float = 0.010
    pelvic_sway_right_m: float = 0.010
    pelvic_rotation_deg: float = 4.0
    shoulder_rotation_deg: float = 9.0
    arm_swing_deg: float = 30.0
    elbow_flexion_deg: float = 92.0
    step_time_asymmetry: float = 0.0
    contact_time_asymmetry: float = 0.0
    overstride_asymmetry_leg_lengths: float = 0.0
    knee_flexion_asymmetry_deg: float = 0.0

    def __post_init__(self) -> None:
        check_ranges(
            self,
            height_m=(1.2, 2.2),
            build=(0.7, 1.4),
            speed_mps=(1.5, 7.0),
            cadence_spm=(120, 240),
            duty_factor=(0.2, 0.49),
            overstride_leg_lengths=(0.0, 0.5),
            foot_strike_deg=(-25, 30),
            knee_flexion_at_contact_deg=(2, 40),
            knee_flexion_at_toe_off_deg=(5, 45),
            swing_knee_flexion_deg=(75, 140),
            trunk_lean_deg=(-20, 40),
            lateral_trunk_lean_deg=(-20, 20),
            step_width_m=(-0.2, 0.4),
            toe_out_deg=(-30, 45),
            pelvic_sway_left_m=(-0.1, 0.1),
            pelvic_sway_right_m=(-0.1, 0.1),
            pelvic_rotation_deg=(-20, 20),
            shoulder_rotation_deg=(-40, 40),
            arm_swing_deg=(0, 80),
            elbow_flexion_deg=(10, 140),
            overstride_asymmetry_leg_lengths=(-0.3, 0.3),
            knee_flexion_asymmetry_deg=(-25, 25),
            pelvic_drop_left_deg=(-10, 20),
            pelvic_drop_right_deg=(-10, 20),
            valgus_left_deg=(-15, 25),
            valgus_right_deg=(-15, 25),
            step_time_asymmetry=(-0.3, 0.3),
            contact_time_asymmetry=(-0.3, 0.3),
        )

    @property
    def body(self) -> Body:
        """Lengths of this runner."""
        return Body(self.height_m, self.build)

    @classmethod
    def typical(cls, speed_mps: float, *, height_m: float = 1.75, **chosen: float) -> Runner:
        """A runner as most run at a speed (2.5 to 4.5 m/s; beyond it the trend goes on), but for what is `chosen`.

        Shorter runners take more steps, as in the table's regression; who lands closer under the hip or flatter than
        usual lands with a more bent knee.
        """
        table = typical_table()
        speeds = np.asarray(table["speed_mps"])
        degree = 2 if speeds[0] <= speed_mps <= speeds[-1] else 1
        usual = {
            name: float(np.polyval(np.polyfit(speeds, values, degree), speed_mps))
            for name, values in table["by_speed"].items()
        }
        usual["cadence_spm"] += table["height"]["cadence_spm_per_m"] * (height_m - table["height"]["at_m"])
        less = {name: max(usual[name] - chosen.get(name, usual[name]), 0.0) for name in usual}
        usual["knee_flexion_at_contact_deg"] += (
            MORE_BENT_DEG_PER_LEG_LENGTH * less["overstride_leg_lengths"]
            + MORE_BENT_DEG_PER_STRIKE_DEG * less["foot_strike_deg"]
        )
        return cls(**{**usual, "speed_mps": speed_mps, "height_m": height_m, **chosen})


@cache
def typical_table() -> dict[str, Any]:
    """How people run, from `typical.toml`, which says what stands there and where it is from."""
    return tomllib.loads(TYPICAL.read_text(encoding="utf-8"))


def with_femoral_adduction(runner: Runner, *, left_deg: float | None = None, right_deg: float | None = None) -> Runner:
    """The same runner with the pelvis so far over each standing leg that the thigh slants inward by these degrees.

    Good to half a degree: thigh and shank are taken to lean as usual in the middle of stance (13 and -25 degrees).
    """
    body = runner.body
    thigh_m, shank_m = body.thigh_m * np.cos(np.radians(13)), body.shank_m * np.cos(np.radians(25))
    sways: dict[str, float] = {}
    wanted: tuple[tuple[Side, float | None, float], ...] = (
        ("left", left_deg, runner.valgus_left_deg),
        ("right", right_deg, runner.valgus_right_deg),
    )
    for side, adduction_deg, valgus_deg in wanted:
        if adduction_deg is None:
            continue
        medial_m = np.radians(valgus_deg) / (1 / thigh_m + 1 / shank_m)
        line = np.radians(adduction_deg) - np.arctan(medial_m / thigh_m)
        over_ankle_m = (thigh_m + shank_m) * np.tan(line)
        sways[f"pelvic_sway_{side}_m"] = float(over_ankle_m - body.hip_half_width_m + runner.step_width_m / 2)
    return replace(runner, **sways)
