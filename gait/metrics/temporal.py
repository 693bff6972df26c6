"""Cadence and times."""

from __future__ import annotations

import numpy as np

from gait.cycle import stride_draws
from gait.metrics.base import Leg, Measured, metric
from gait.model import FloatArray


def _mean_of(strides: FloatArray, leg: Leg) -> Measured:
    """The mean of stride values, with bootstrap draws over the strides.

    Neighbouring strides are alike, by nature and since the phase is found over some strides at once; the draws are
    spread by what that takes from the number of independent ones.
    """
    if not len(strides):
        return Measured(strides, np.full(len(leg.cycle.draws) + 1, np.nan))
    mean = float(strides.mean())
    away = strides - mean
    memory = float(np.clip((away[1:] * away[:-1]).sum() / max(float((away**2).sum()), 1e-18), 0, 0.8))
    draws = stride_draws(len(strides), n_draws=len(leg.cycle.draws)) @ away / len(strides)
    return Measured(strides, np.r_[mean, mean + draws * np.sqrt((1 + memory) / (1 - memory))])


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
    definition="60 over the slope of initial-contact times over step number, both legs.",
    reference="Heiderscheit et al. 2011, doi:10.1249/MSS.0b013e3181ebedf4",
)
def cadence_spm(leg: Leg) -> Measured:
    """Steps per minute."""
    times = _mean_of(_stride_times(leg), leg)
    phase, time_s = (leg.all_strides[name].to_numpy(dtype=np.float64) for name in ("phase", "time_s"))
    slope_s = float(np.polyfit(phase, time_s, 1)[0]) if len(phase) > 1 else np.nan
    return Measured(120 / times.strides, 120 / (times.draws - times.draws[0] + slope_s))


@metric(
    "stride_time_s",
    group="temporal",
    unit="s",
    view="any",
    per_side=False,
    decimals=3,
    label="Stride time",
    plain="Time from one landing of a foot to the next landing of the same foot.",
    definition="Initial contact to the next initial contact of the same foot.",
    reference="Novacheck 1998, Gait Posture 7:77-95",
)
def stride_time_s(leg: Leg) -> Measured:
    """Stride time."""
    return _mean_of(_stride_times(leg), leg)


@metric(
    "step_time_s",
    group="temporal",
    unit="s",
    view="any",
    decimals=3,
    needs_feet=True,
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
