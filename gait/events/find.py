"""Stance phases of both legs on the folded cycle, and the events of every stride."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from gait.cycle import fold_signal, half_width, steady, time_at_phase
from gait.events import frontal_view, side_view
from gait.model import SIDES, Cycle, EventKind, Events, FloatArray, Scene, Side, Stance, Track, other_side
from gait.signals import evaluate_cycle, turn_deg

Z95 = 1.96
HALF_STRIDE_METHOD = "half a stride after the other leg"
UNSEEN_STRIDES = 0.5  # an event farther from the last sight of the runner is a guess


@dataclass(frozen=True, slots=True)
class EventRules:
    """Settings of the events.

    A far leg is timed by itself where the scene believes it (its grade isn't D), its contact lies within
    `max_half_stride_error` strides of half a stride after the near leg's, its foot moves back within
    `max_belt_difference` of the near foot's speed, and its stance is within `max_duration_difference` strides as long;
    otherwise half a stride after the near leg, with `half_stride_error` (95 %). Stances of unlike legs last 15 % longer
    on one side, 0.055 strides, and the errors of two toe-offs make up as much. `stride_deviation_s` is what a single
    stride's event is off the folded one (95 %), 6 to 8 ms on the force plate at 30 to 150 Hz.
    """

    max_half_stride_error: float = 0.06
    max_belt_difference: float = 0.25
    max_duration_difference: float = 0.11
    half_stride_error: float = 0.04
    stride_deviation_s: float = 0.008


def stance_phases(
    track: Track, scene: Scene, cycle: Cycle, rules: EventRules, *, stride_s: float
) -> dict[Side, Stance]:
    """Stance of each leg on the folded cycle, by the rules of the view; an oblique view is read as a side view.

    Keypoints without feet are read by the rules of the frontal view, which need none.

    `stride_s` is the stride time in real seconds, so that the rules' errors in seconds fit a file played slowly.
    """
    if scene.is_frontal_view or not (track.has("heel") and track.has("foot_index")):
        return _frontal_stances(track, cycle, stride_s)
    near = scene.near_side or ("right" if scene.direction >= 0 else "left")
    direction = scene.direction or 1
    mine = _side_stance(track, cycle, near, direction, stride_s=stride_s)
    half_later = float(mine.contact_phase[0] + 0.5) % 1
    other = _side_stance(track, cycle, other_side(near), direction, stride_s=stride_s, expected=half_later)
    far = scene.legs.get(other.side)
    unbelievable = "; ".join(far.reasons) if far and far.grade == "D" else ""
    stances = {near: mine, other.side: _checked_far_leg(mine, other, rules, unbelievable)}
    return {side: stances[side] for side in SIDES}


def _side_stance(
    track: Track, cycle: Cycle, side: Side, direction: int, *, stride_s: float, expected: float | None = None
) -> Stance:
    """Stance of one leg seen from the side; `expected` is the phase of its contact by the other leg."""
    heel = steady(track, f"{side}_heel", window_s=cycle.period_s)
    toe = steady(track, f"{side}_foot_index", window_s=cycle.period_s)
    leg = (track.point(f"{side}_{joint}") for joint in ("hip", "knee", "ankle"))
    ahead, heel_height, toe_height = (fold_signal(cycle, v) for v in (direction * heel[:, 0], -heel[:, 1], -toe[:, 1]))
    knee = fold_signal(cycle, direction * turn_deg(*leg))
    pairs = zip(ahead, heel_height, strict=True)
    found = [side_view.contact_phase(a, h, cycle.grid, expected=expected) for a, h in pairs]
    contact, belt = (np.array(column) for column in zip(*found, strict=True))
    by_speed, by_knee = (np.full(len(contact), np.nan) for _ in range(2))
    for i in np.flatnonzero(np.isfinite(contact)):
        by_speed[i] = side_view.toe_off_by_speed(toe_height[i], belt[i], contact[i], cycle.grid)
        by_knee[i] = side_view.toe_off_by_knee(knee[i], contact[i], cycle.grid)
    seed = SIDES.index(side)
    toe_off, toe_off_error_s, method = _fused_toe_off(contact, by_speed, by_knee, cycle.draws.shape[1], stride_s)
    return Stance(
        side=side,
        contact_phase=_with_rule_error(contact, side_view.CONTACT_ERROR_S / stride_s, seed=seed),
        toe_off_phase=_with_rule_error(toe_off, toe_off_error_s / stride_s, seed=seed + 10),
        foot_speed_px=belt,
        contact_method="heel at 0.75 of the belt's speed",
        toe_off_method=method,
    )


def _fused_toe_off(
    contact: FloatArray, by_speed: FloatArray, by_knee: FloatArray, n_strides: int, stride_s: float
) -> tuple[FloatArray, float, str]:
    """Toe-off of the two rules weighted by their errors, the rule's 95 % error in seconds, and the name.

    Each rule's variance is that of its mean from foot to foot plus that of its bootstrap draws.
    """
    variances = []
    for found, rule_s in ((by_speed, side_view.TOE_OFF_SPEED_ERROR_S), (by_knee, side_view.TOE_OFF_KNEE_ERROR_S)):
        missing = np.isnan(found).mean() > 0.2 or np.isnan(found[0])
        noise_s = half_width((found[1:] - contact[1:] + 0.5) % 1, n_strides) * stride_s
        variances.append(np.inf if missing else rule_s**2 + noise_s**2)
    if not np.isfinite(variances).any():
        return np.full_like(contact, np.nan), np.nan, "none"
    weights = 1 / np.array(variances) / (1 / np.array(variances)).sum()
    stances = [np.nan_to_num((found - contact) % 1, nan=float((found[0] - contact[0]) % 1)) if w > 0 else contact * 0
               for found, w in zip((by_speed, by_knee), weights, strict=True)]  # fmt: skip
    fused = contact + weights[0] * stances[0] + weights[1] * stances[1]
    rules_s = np.array([side_view.TOE_OFF_SPEED_ERROR_S, side_view.TOE_OFF_KNEE_ERROR_S])
    disagreement_s = abs(stances[0][0] - stances[1][0]) * stride_s * float(np.sqrt(weights[0] * weights[1]))
    error_s = float(np.hypot(np.sqrt(((weights * rules_s) ** 2).sum()), disagreement_s))
    return fused % 1, error_s, f"forefoot's upward speed ({weights[0]:.0%}) and straightest knee ({weights[1]:.0%})"


def _with_rule_error(phases: FloatArray, half_width_strides: float, *, seed: int) -> FloatArray:
    """Phases (1 + b,) whose draws also scatter by the rule's own error."""
    scatter = np.random.default_rng(seed).normal(0, half_width_strides / Z95, len(phases))
    scatter[0] = 0
    return np.asarray(np.where(np.isfinite(phases), (phases + scatter) % 1, np.nan), dtype=np.float64)


def _checked_far_leg(near: Stance, far: Stance, rules: EventRules, unbelievable: str) -> Stance:
    """The far leg's stance, or half a stride after the near leg's where its own can't be believed.

    `unbelievable` says why the leg itself can't, by the scene; empty where it can.
    """
    apart = float(far.contact_phase[0] - near.contact_phase[0]) % 1 - 0.5
    belt_ratio = float(far.foot_speed_px[0] / near.foot_speed_px[0])
    reasons = []
    if not abs(apart) <= rules.max_half_stride_error:
        reasons.append(
            f"its contact comes {abs(apart):.0%} of a stride away from half a stride after the {near.side} one"
        )
    if not abs(belt_ratio - 1) <= rules.max_belt_difference:
        reasons.append(f"its foot moves back at {belt_ratio:.0%} of the {near.side} foot's speed")
    longer = float(far.duration[0] - near.duration[0])
    if not abs(longer) <= rules.max_duration_difference:
        share = "longer" if longer > 0 else "shorter"
        reasons.append(f"it seems to be on the ground for {abs(longer):.0%} of the stride {share} than the other")
    if np.isnan(longer):
        reasons = ["its contact or toe-off can't be found"]
    if not reasons and not unbelievable:
        return far
    shifted = [
        _with_rule_error((phase + 0.5) % 1, rules.half_stride_error, seed=30 + i)
        for i, phase in enumerate((near.contact_phase, near.toe_off_phase))
    ]
    because = unbelievable or " and ".join(reasons)
    why = f"the {far.side} leg is hidden and its foot can't be believed: {because}"
    no_speed = np.full(len(shifted[0]), np.nan)
    return Stance(far.side, shifted[0], shifted[1], no_speed, HALF_STRIDE_METHOD, HALF_STRIDE_METHOD, why)


def _frontal_stances(track: Track, cycle: Cycle, stride_s: float) -> dict[Side, Stance]:
    """Stance of both legs from the pelvis' vertical speed; the lower foot tells which leg it is."""
    pelvis = fold_signal(cycle, -steady(track, "mid_hip", window_s=cycle.period_s)[:, 1])
    found = [frontal_view.turning_points(draw, cycle.grid) for draw in pelvis]
    falls, rises = frontal_view.in_one_order(*(np.array(column) for column in zip(*found, strict=True)))
    first = 0 if _lift(track, cycle, "left", falls[0, 0]) < _lift(track, cycle, "right", falls[0, 0]) else 1
    stances: dict[Side, Stance] = {}
    for number, side in enumerate(SIDES):
        step = first if side == "left" else 1 - first
        contact = falls[:, step] - frontal_view.FALL_PEAK_AFTER_CONTACT_S / stride_s
        toe_off = rises[:, step] + frontal_view.RISE_PEAK_BEFORE_TOE_OFF_S / stride_s
        stances[side] = Stance(
            side=side,
            contact_phase=_with_rule_error(contact % 1, frontal_view.CONTACT_ERROR_S / stride_s, seed=number),
            toe_off_phase=_with_rule_error(toe_off % 1, frontal_view.TOE_OFF_ERROR_S / stride_s, seed=number + 10),
            foot_speed_px=np.full(len(contact), np.nan),
            contact_method="pelvis' fastest fall",
            toe_off_method="pelvis' fastest rise",
        )
    return stances


def _lift(track: Track, cycle: Cycle, side: Side, phase: float) -> float:
    """How far an ankle is above its own lowest place a tenth of a stride after a phase, in pixels."""
    coefficients = cycle.coefficients[track.skeleton.index(f"{side}_ankle"), 1]
    there = evaluate_cycle(coefficients, np.array([(phase + 0.1) % 1]))[0]
    return float(evaluate_cycle(coefficients, cycle.grid).max() - there)


def find_events(
    track: Track, cycle: Cycle, stances: dict[Side, Stance], rules: EventRules, *, capture_speed: float = 1.0
) -> Events:
    """Initial contacts and toe-offs of every stride in which the runner is seen, in file time, ordered.

    `capture_speed` brings what is known in real seconds, a single stride's deviation, into file time.
    """
    rows: list[tuple[float, EventKind, Side, float, str]] = []
    strides = np.arange(np.floor(cycle.phase[0]) - 1, np.ceil(cycle.phase[-1]) + 1)
    for stance in stances.values():
        phases: tuple[tuple[EventKind, FloatArray, str], ...] = (
            ("initial_contact", stance.contact_phase, stance.contact_method),
            ("toe_off", stance.toe_off_phase, stance.toe_off_method),
        )
        for kind, phase, method in phases:
            if np.isfinite(phase[0]):
                spread = half_width((phase[1:] - phase[0] + 0.5) % 1, cycle.draws.shape[1]) * cycle.period_s
                error_s = float(np.hypot(spread, rules.stride_deviation_s / capture_speed))
                times = time_at_phase(cycle, track.video.file_time_s, strides + phase[0])
                seen = times[_is_seen(times, track, within_s=UNSEEN_STRIDES * cycle.period_s)]
                rows += [(float(time_s), kind, stance.side, error_s, method) for time_s in seen]
    rows.sort()
    file_time_s = np.array([row[0] for row in rows], dtype=np.float64)
    return Events(
        file_time_s=file_time_s,
        time_s=file_time_s,
        kind=tuple(row[1] for row in rows),
        side=tuple(row[2] for row in rows),
        uncertainty_s=np.array([row[3] for row in rows], dtype=np.float64),
        method=tuple(row[4] for row in rows),
    )


def _is_seen(times: FloatArray, track: Track, *, within_s: float) -> NDArray[np.bool_]:
    """Which times (m,) lie in the clip, and not where the runner isn't seen for long."""
    known_s = track.video.file_time_s[np.isfinite(track.point("mid_hip")).all(axis=1)]
    if not len(known_s):
        return np.zeros(len(times), dtype=bool)
    after = np.searchsorted(known_s, times).clip(0, len(known_s) - 1)
    nearest_s = np.minimum(np.abs(times - known_s[after]), np.abs(times - known_s[(after - 1).clip(0)]))
    return np.asarray(np.isfinite(times) & (nearest_s <= within_s), dtype=bool)


def no_events() -> Events:
    """The events of a clip in which there are none."""
    nothing = np.empty(0)
    return Events(nothing, nothing, (), (), nothing, ())


def in_real_time(events: Events, capture_speed: float) -> Events:
    """The events with `time_s` and `uncertainty_s` in real seconds, for files played slower than filmed."""
    return replace(
        events, time_s=events.file_time_s * capture_speed, uncertainty_s=events.uncertainty_s * capture_speed
    )
