"""Cadence and times, how much they vary, and how the legs differ in them."""

from __future__ import annotations

import numpy as np

from gait.cycle import normal_draws
from gait.metrics.base import Leg, Measured, metric
from gait.model import SIDES, FloatArray

# What a contact is off after its stride's own deviation was shrunk (standard deviation), on the force plate at 30 to
# 120 fps. Shrinking takes it out of the times that stand in the table, and it belongs to how they vary.
CONTACT_LEFT_S = 0.0025
MIN_STRIDES = 3  # more than the straight line through their contacts takes


def _slope_s(leg: Leg) -> tuple[float, float]:
    """Stride time of this clip as the slope of both feet's contact times over the stride number, and its error (SD).

    The error is that of a line through contacts that scatter about it as these do, and as far as single ones are known:
    of this clip's cadence, not of what the same runner's next clip will have.
    """
    strides = leg.all_strides
    last = strides.groupby("side").tail(1)  # whose end is a contact too
    phase = np.r_[strides["phase"], last["phase"] + 1]
    time_s = np.r_[strides["time_s"], last["end_s"]]
    if len(strides) < MIN_STRIDES:
        return np.nan, np.nan
    slope_s, at_zero_s = np.polyfit(phase, time_s, 1)
    left_s = time_s - (slope_s * phase + at_zero_s)
    contact_s = float(np.hypot(left_s.std(ddof=2), CONTACT_LEFT_S))
    return float(slope_s), contact_s / float(phase.std() * np.sqrt(len(phase)))


def _stride_times(leg: Leg) -> FloatArray:
    return leg.strides["stride_time_s"].to_numpy(dtype=np.float64)


@metric(
    "cadence_spm",
    group="temporal",
    unit="steps/min",
    view="any",
    per_side=False,
    label="Cadence",
    plain="How many steps you take each minute, both feet counted.",
    definition="60 over the slope of initial-contact times over step number, both legs; of this clip.",
    reference="Heiderscheit et al. 2011, doi:10.1249/MSS.0b013e3181ebedf4",
)
def cadence_spm(leg: Leg) -> Measured:
    """Steps per minute."""
    slope_s, error_s = _slope_s(leg)
    return Measured(120 / _stride_times(leg), 120 / (slope_s + error_s * normal_draws(len(leg.cycle.draws), seed=41)))


@metric(
    "stride_time_s",
    group="temporal",
    unit="s",
    view="any",
    per_side=False,
    decimals=3,
    label="Stride time",
    plain="Time from one landing of a foot to the next landing of the same foot.",
    definition="Initial contact to the next initial contact of the same foot, mean of both legs in this clip.",
    reference="Novacheck 1998, Gait Posture 7:77-95",
)
def stride_time_s(leg: Leg) -> Measured:
    """Stride time."""
    times_s, (_, error_s) = leg.all_strides["stride_time_s"].to_numpy(dtype=np.float64), _slope_s(leg)
    # A mean of strides knows only each foot's first and last contact.
    error_s = float(np.hypot(error_s, 2 * CONTACT_LEFT_S / max(len(times_s), 1)))
    mean_s = float(times_s.mean()) if len(times_s) else np.nan
    return Measured(_stride_times(leg), mean_s + error_s * normal_draws(len(leg.cycle.draws), seed=41))


@metric(
    "step_time_s",
    group="temporal",
    unit="s",
    view="any",
    decimals=3,
    needs_feet=True,
    needs_both_legs=True,
    label="Step time",
    plain="Time from this foot's landing to the other foot's landing.",
    definition="Initial contact to the next initial contact of the other foot; named by the first foot.",
    reference="Novacheck 1998, Gait Posture 7:77-95",
)
def step_time_s(leg: Leg) -> Measured:
    """Step time."""
    share = (leg.opposite.stance.contact_phase - leg.stance.contact_phase) % 1
    return leg.from_fold(share * leg.stride_s)


@metric(
    "contact_time_s",
    group="temporal",
    unit="s",
    view="any",
    decimals=3,
    needs_feet=True,
    label="Ground contact time",
    plain="How long each foot stays on the ground.",
    definition="Initial contact to toe-off of the same foot; contact as a force plate sees it from 50 N.",
    reference="Fellin et al. 2010, doi:10.1016/j.jsams.2010.03.006",
)
def contact_time_s(leg: Leg) -> Measured:
    """Ground contact time."""
    return leg.from_fold(leg.stance.duration * leg.stride_s)


@metric(
    "flight_time_s",
    group="temporal",
    unit="s",
    view="any",
    decimals=3,
    needs_feet=True,
    needs_both_legs=True,
    label="Flight time",
    plain="How long both feet are off the ground after this foot's push-off.",
    definition="Toe-off to the next initial contact of the other foot.",
    reference="Novacheck 1998, Gait Posture 7:77-95",
)
def flight_time_s(leg: Leg) -> Measured:
    """Flight time."""
    share = (leg.opposite.stance.contact_phase - leg.stance.contact_phase) % 1 - leg.stance.duration
    return leg.from_fold(share * leg.stride_s)


@metric(
    "duty_factor",
    group="temporal",
    unit="ratio",
    view="any",
    decimals=3,
    needs_feet=True,
    label="Duty factor",
    plain="Share of the stride that a foot is on the ground; under one half there is a flight.",
    definition="Contact time over stride time of one leg.",
    reference="Folland et al. 2017, Med Sci Sports Exerc 49:1412-1423",
)
def duty_factor(leg: Leg) -> Measured:
    """Duty factor."""
    return leg.from_fold(leg.stance.duration)


@metric(
    "stride_time_cv_pct",
    group="temporal",
    unit="%",
    view="any",
    per_side=False,
    decimals=2,
    label="Stride time variability",
    plain="How much the time from landing to landing changes from stride to stride.",
    definition="Standard deviation of the stride times about their trend over their mean, without what the keypoints' "
    "noise adds.",
    reference="Nakayama et al. 2010, doi:10.1016/j.gaitpost.2009.12.003",
)
def stride_time_cv_pct(leg: Leg) -> Measured:
    """Coefficient of variation of the stride times.

    The times of single strides are shrunk towards the folded ones, so they vary by less than the strides did: the
    variance that is left of each of a stride's two contacts is put back.
    """
    # A leg that is timed by the other one varies as that one does, without deviations of its own.
    by_leg = {side: rows["stride_time_s"] for side, rows in leg.all_strides.groupby("side")}
    timed = [by_leg[side] for side in SIDES if side in by_leg and not leg.stances[side].withheld]
    away = [_detrended(times_s.to_numpy(dtype=np.float64)) for times_s in timed if len(times_s) > MIN_STRIDES]
    n_draws = len(leg.cycle.draws)
    if not away:
        return leg.from_fold(np.full(1 + n_draws, np.nan))
    seen = float(np.mean([(deviations**2).sum() / (len(deviations) - 2) for deviations in away]))
    left = 2 * CONTACT_LEFT_S**2
    sd_s = np.sqrt(seen + left)
    # A stride of the left foot shares half of its time with one of the right, so the legs don't count twice.
    by_few = sd_s / np.sqrt(2 * (np.mean([len(deviations) for deviations in away]) - 2))
    by_left = (sd_s - np.sqrt(seen)) / 1.96  # as if nothing were left, at worst
    # A deviation isn't negative, so neither is the interval's end: Student's factor is 2.6 at most (5 strides).
    error_s = min(float(np.hypot(by_few, by_left)), sd_s / 2.6)
    return leg.from_fold(100 * (sd_s + error_s * normal_draws(n_draws, seed=42)) / leg.stride_s)


def _detrended(values: FloatArray) -> FloatArray:
    """Values (m,) less their straight line."""
    order = np.arange(len(values))
    return np.asarray(values - np.polyval(np.polyfit(order, values, 1), order), dtype=np.float64)


def _right_against_left(leg: Leg, left: FloatArray, right: FloatArray) -> Measured:
    """Symmetry index in per cent, + where the right leg's value (1 + b,) is larger (Robinson et al. 1987)."""
    return leg.from_fold(100 * (right - left) / (0.5 * (right + left)))


@metric(
    "step_time_asymmetry_pct",
    group="temporal",
    unit="%",
    view="any",
    per_side=False,
    needs_feet=True,
    needs_both_legs=True,
    label="Step time asymmetry",
    plain="How much longer the step after the right foot's landing lasts than the one after the left's.",
    definition="Right less left step time over their mean.",
    reference="Robinson et al. 1987, J Manipulative Physiol Ther 10:172-176",
)
def step_time_asymmetry_pct(leg: Leg) -> Measured:
    """Step time asymmetry."""
    contact_left, contact_right = (leg.stances[side].contact_phase for side in SIDES)
    after_left = (contact_right - contact_left) % 1
    return _right_against_left(leg, after_left, 1 - after_left)


@metric(
    "contact_time_asymmetry_pct",
    group="temporal",
    unit="%",
    view="any",
    per_side=False,
    needs_feet=True,
    needs_both_legs=True,
    label="Contact time asymmetry",
    plain="How much longer the right foot stays on the ground than the left.",
    definition="Right less left ground contact time over their mean.",
    reference="Robinson et al. 1987, J Manipulative Physiol Ther 10:172-176",
)
def contact_time_asymmetry_pct(leg: Leg) -> Measured:
    """Ground contact time asymmetry."""
    return _right_against_left(leg, *(leg.stances[side].duration for side in SIDES))
