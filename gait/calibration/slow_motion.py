"""How many times slower than real a file plays, from the runner's gait and from free fall.

Cameras and editors slow a file by few factors, most clips not at all, and three things tell which factor it is: what is
common, the cadence, which differs little between runners, and gravity. In a flight a body falls freely; on the ground
it is pushed up for what it fell. So the height of the bounce, in leg lengths, and the share of the time that a foot is
on the ground say how long a step takes in real time, whatever the file's clock says.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gait.calibration.clock import USUAL_CADENCE_SPM
from gait.calibration.length import LEG_PER_STATURE, leg_length_px
from gait.cycle import fold_signal, steady
from gait.model import SIDES, Cycle, FloatArray, Scene, Side, Stance, Track

G_MPS2 = 9.81
STATURE_M = 1.73  # where it isn't entered; half of a stature's 5 % (SD) is a small part of that way's spread

# Cadences about the usual one, as Student's t with 4 degrees of freedom in the logarithm. 860 runners at 9.9 km/h: 164,
# SD 9 (Malisoux 2023, doi:10.1177/23259671231204629); 28 runners: 161 at 2.5 m/s, 183 at 4.5 m/s (Fukuchi 2017,
# doi:10.7717/peerj.3298). The tails are for joggers at 140 and sprinters beyond 210.
_CADENCE_SPREAD = 0.08
# Playback speed by free fall, its error in the logarithm, t with 4 degrees of freedom. MediaPipe on rendered clips: 21
# from the side -12 to +18 % (SD 8 %), 8 from the rear +2 to +21 %, two from the front -15 and -17 %; on real clips +5
# and +1 % from the side, +34 % from the front (running in place).
_FALL_SPREAD_SIDE, _FALL_SPREAD_FRONTAL = 0.08, 0.12
_FREEDOM = 4

# How common each is, against 1 for a file that plays as it was filmed. Plain judgement, not counted: phones film slow
# motion at 120 and 240 frames per second, cameras for countries with 50 Hz at 50, 100 and 200; editors slow by round
# factors, and now and then by any other.
_CAPTURE_RATES = {60.0: 0.02, 120.0: 0.02, 240.0: 0.02, 480.0: 0.003, 960.0: 0.003}
_CAPTURE_RATES_50_HZ = {50.0: 0.005, 100.0: 0.01, 200.0: 0.01}
_PLAYED_RATES = (24.0, 25.0, 30.0, 50.0, 60.0)
_ROUND_FACTORS = {
    2.0: 0.01,
    4.0: 0.005,
    8.0: 0.005,
    2.5: 0.001,
    3.0: 0.002,
    5.0: 0.001,
    10.0: 0.001,
    16.0: 0.001,
    32.0: 0.001,
}
_ANY_OTHER = 0.001
_SMALLEST, _LARGEST = 1.5, 50.0  # factors; less can't be told from another runner
SAME_FACTOR = 0.02  # factors and rates that differ by less are one: 29.97 and 30 frames per second


@dataclass(frozen=True, slots=True)
class GaitSigns:
    """What the picture tells about real time.

    `cadence_spm` in the file's own time; `playback_speed` real seconds per second of the file by free fall, NaN where
    nothing bounces or where the feet's contacts aren't seen; `spread` is its error (SD of the logarithm, or nearly).
    """

    cadence_spm: float
    playback_speed: float = np.nan
    spread: float = _FALL_SPREAD_SIDE


@dataclass(frozen=True, slots=True)
class SlowMotion:
    """How likely each factor is: `factors` falling in probability, `probability` beside it, `other` of any other."""

    factors: tuple[float, ...]
    probability: tuple[float, ...]
    other: float


def gait_signs(
    track: Track, scene: Scene, cycle: Cycle, stances: dict[Side, Stance], *, height_m: float | None
) -> GaitSigns:
    """Cadence, and playback speed by free fall.

    The shoulders are looked at, since pose models hold the hips of a side view too still: on 21 rendered clips the hips
    gave 44 to 99 % of the true speed.
    """
    cadence_spm = 120 / cycle.period_s
    leg = leg_length_px(track, scene, cycle, stances)
    if leg is None or not track.has("shoulder"):
        return GaitSigns(cadence_spm)
    sides = (scene.near_side,) if scene.near_side else SIDES
    duty_factor = float(np.mean([stances[side].duration[0] for side in sides]))
    height_px = -steady(track, "mid_shoulder", window_s=cycle.period_s)[:, 1]
    metres = LEG_PER_STATURE * (height_m or STATURE_M) / leg.value
    bounce_m = metres * _step_wave(fold_signal(cycle, height_px)[0])
    fall = bounce_m * (2 * np.pi * 2 / cycle.period_s) ** 2 / G_MPS2  # at the file's speed, in g
    speed = float(np.sqrt(fall / pushed_g(2 * duty_factor)))
    return GaitSigns(cadence_spm, speed, _FALL_SPREAD_FRONTAL if scene.is_frontal_view else _FALL_SPREAD_SIDE)


def _step_wave(coefficients: FloatArray) -> float:
    """Amplitude of what repeats with the step, the second harmonic of the stride."""
    n_harmonics = (len(coefficients) - 1) // 2
    return float(np.hypot(coefficients[2], coefficients[n_harmonics + 2]))


def pushed_g(contact_share: float) -> float:
    """Amplitude of the body's vertical acceleration at the step's frequency, in g.

    The push is like half a sine, lasts for `contact_share` of the step and carries the body's weight on average; else
    the body falls freely. NaN where the feet aren't on the ground for a part of the step that a runner's can be.
    """
    if not 0.2 < contact_share < 1.0:
        return np.nan
    below = 1 - 4 * contact_share**2
    if abs(below) < 1e-6:
        return float(np.pi / 2)
    return float(2 * np.cos(np.pi * contact_share) / below)


def slow_motion(signs: GaitSigns, *, played_fps: float) -> SlowMotion:
    """How likely each factor is, of a file that plays at so many frames per second."""
    prior = known_factors(played_fps)
    weights = {factor: share * float(_likelihood(signs, np.array([factor]))[0]) for factor, share in prior.items()}
    anywhere = np.geomspace(_SMALLEST, _LARGEST, 500)
    other = _ANY_OTHER * float(_likelihood(signs, anywhere).mean())
    total = sum(weights.values()) + other
    ordered = sorted(weights, key=lambda factor: -weights[factor])
    return SlowMotion(tuple(ordered), tuple(weights[factor] / total for factor in ordered), other / total)


def played_fps(file_time_s: FloatArray) -> float:
    """The rate at which a file is meant to play: that of most frames, since phones drop some in poor light."""
    return 1 / float(np.median(np.diff(file_time_s)))


def known_factors(played_fps: float) -> dict[float, float]:
    """Factors that cameras and editors make of a file of this rate, and how common each is.

    A camera's slow motion is played at one of the rates of films and phones; a file of any other was made otherwise.
    """
    found = {1.0: 1.0}
    made = list(_ROUND_FACTORS.items())
    usual = min(_PLAYED_RATES, key=lambda rate: abs(rate - played_fps))
    if abs(usual / played_fps - 1) < SAME_FACTOR:
        rates = _CAPTURE_RATES | (_CAPTURE_RATES_50_HZ if usual % 25 == 0 else {})
        made += [(rate / usual, share) for rate, share in rates.items()]
    for factor, share in made:
        same = next((known for known in found if abs(factor / known - 1) < SAME_FACTOR), None)
        if same is not None:
            found[same] += share
        elif _SMALLEST <= factor <= _LARGEST:
            found[factor] = share
    return found


def _likelihood(signs: GaitSigns, factor: FloatArray) -> FloatArray:
    """How well each factor (m,) fits what is seen, up to a constant."""
    by_gait = _students_t(np.log(signs.cadence_spm * factor / USUAL_CADENCE_SPM) / _CADENCE_SPREAD)
    if not np.isfinite(signs.playback_speed):
        return by_gait
    by_fall = _students_t(np.log(signs.playback_speed * factor) / signs.spread)
    return np.asarray(by_gait * by_fall, dtype=np.float64)


def _students_t(z: FloatArray) -> FloatArray:
    """Density of Student's t up to a constant: unlike the normal's, it forgives a gross error."""
    return np.asarray((1 + z**2 / _FREEDOM) ** (-(_FREEDOM + 1) / 2), dtype=np.float64)
