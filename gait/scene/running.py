"""Running, or something else."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from gait.cycle import fold_signal, steady
from gait.model import SIDES, Cycle, Scene, Track
from gait.scene.view import SceneRules, lift_trunks, trunk_px

TRUNK_M = 0.5  # mid-shoulder to mid-hip: 0.29 of a stature of 1.75 m (Winter 2009, ISBN 978-0-470-39818-0)
G_MPS2 = 9.81
# By how much of a step the pelvis is highest before the feet are: a runner flies while the foot that pushed off still
# rises (0.24 to 0.54 of a step on recorded and rendered runners), a walker's pelvis is highest as the foot passes.
RUNNERS_LEAD = 0.41
# Runners' leads come within this of it; walkers whose feet the pose model sees badly come as near as 0.22.
CLEARLY_NEAR = 0.2


@dataclass(frozen=True, slots=True)
class Bounce:
    """How the pelvis goes up and down once a step.

    `fall_g` is the amplitude of its acceleration over that of gravity, NaN where real time isn't known; `lead` (-0.5 to
    0.5) by how much of a step the pelvis is highest before the two feet together are.
    """

    fall_g: float
    lead: float

    @property
    def leads_as_in_running(self) -> bool:
        """Nearer to a runner's lead than to half a step away from it."""
        return bool(np.cos(2 * np.pi * (self.lead - RUNNERS_LEAD)) > 0)

    @property
    def leads_clearly(self) -> bool:
        """As far from a walker's as any runner's lead that was looked at."""
        return bool(abs((self.lead - RUNNERS_LEAD + 0.5) % 1 - 0.5) <= CLEARLY_NEAR)


def bounce_of(track: Track, cycle: Cycle, *, stride_s: float) -> Bounce:
    """Second harmonic of the pelvis' height over the stride, and its lead over that of the ankles.

    `stride_s` is the stride time in real seconds, NaN where it isn't known.
    """
    pelvis = -steady(track, "mid_hip", window_s=cycle.period_s)[:, 1]
    feet = -sum(steady(track, f"{side}_ankle", window_s=cycle.period_s)[:, 1] for side in SIDES)
    waves = []
    for signal in (pelvis, feet):
        folded = fold_signal(cycle, np.asarray(signal, dtype=np.float64))[0]
        n_harmonics = (len(folded) - 1) // 2
        waves.append(complex(folded[2], -folded[n_harmonics + 2]))
    amplitude_m = abs(waves[0]) / trunk_px(track) * TRUNK_M
    fall = amplitude_m * (4 * np.pi / stride_s) ** 2
    return Bounce(fall / G_MPS2, float(np.angle(waves[0] * np.conj(waves[1])) / (2 * np.pi)))


def judge_running(
    track: Track,
    scene: Scene,
    rules: SceneRules,
    *,
    cycle: Cycle | None,
    stride_s: float,
    duty_factor: float,
    no_strides: str,
) -> Scene:
    """The scene with `is_running` told.

    A runner lifts the feet (an ankle of the clips looked at travels by 0.36 trunk lengths and more, in walking in place
    by 0.07), and each foot is on the ground for less than half of the stride, so that there is a flight. Where that
    can't be seen, from the rear and front, the pelvis tells: in a flight it falls freely. Where real time isn't known
    either, its turn tells: it is lowest while the other foot passes, where a walker's is highest.

    Parameters
    ----------
    cycle
        None where there is none.
    stride_s
        Stride time in real seconds; NaN where it isn't known.
    duty_factor
        Contact time over stride time; NaN where the view hides it.
    no_strides
        Why no strides were found; empty where they were.
    """
    lift = lift_trunks(track)
    if lift < rules.min_lift_trunks:
        why = f"the feet are lifted by only {lift:.0%} of the trunk's length; this looks like walking or standing"
        return replace(scene, is_running=False, not_running=why)
    if no_strides or cycle is None:
        return replace(scene, is_running=None, not_running=no_strides)
    if duty_factor > 0.5:
        why = f"each foot is on the ground for {duty_factor:.0%} of the stride, so there is no flight: this is walking"
        return replace(scene, is_running=False, not_running=why)
    why = _no_flight(bounce_of(track, cycle, stride_s=stride_s), rules, timed=bool(np.isfinite(duty_factor)))
    return replace(scene, is_running=not why, not_running=why)


def runs_by_shape(track: Track, scene: Scene, cycle: Cycle, rules: SceneRules, *, duty_factor: float) -> bool | None:
    """Whether this is running, as far as that can be told without real time; None where it may be walking.

    `duty_factor` is NaN where the view hides it.
    """
    judged = judge_running(track, scene, rules, cycle=cycle, stride_s=np.nan, duty_factor=duty_factor, no_strides="")
    clearly = np.isfinite(duty_factor) or bounce_of(track, cycle, stride_s=np.nan).leads_clearly
    return judged.is_running if clearly or not judged.is_running else None


def _no_flight(bounce: Bounce, rules: SceneRules, *, timed: bool) -> str:
    """Why the pelvis' movement shows no flight; empty where it may. `timed`: the feet's contacts speak for a flight."""
    as_in_running = bounce.leads_as_in_running
    if not np.isfinite(bounce.lead):
        return ""
    if np.isfinite(bounce.fall_g):
        # Pose models hold the hips of a side view too still, so there both signs must speak against a flight.
        gentle = bounce.fall_g < (rules.min_fall_g_timed if timed else rules.min_fall_g)
        if gentle and not (timed and as_in_running):
            return (
                f"the pelvis goes up and down with {bounce.fall_g:.1f} times the acceleration of gravity, too gently "
                "for a flight: this looks like walking"
            )
    elif not timed and not as_in_running:
        return "the pelvis is highest as the feet pass each other, so there is no flight: this looks like walking"
    return ""
