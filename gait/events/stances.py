"""Stance phases of both legs on the folded cycle."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from gait.cycle import WINDOW_STRIDES, fold_signal, half_width, normal_draws, speed_leverage, steady
from gait.events import frontal_view, side_view
from gait.events.borrowed import borrowed, bounce_lowest
from gait.events.rules import EventRules
from gait.model import SIDES, Cycle, EventKind, FloatArray, Scene, Side, Stance, StepTiming, Track, other_side
from gait.signals import evaluate_cycle, robust_sd, turn_deg

Z95 = 1.96
HALF_STRIDE_METHOD = "half a stride after the other leg"
# Share of a rule's variance that both feet of a runner have alike: 0.4 to 0.8 on the force plate.
ALIKE = 0.5


def stance_phases(
    track: Track, scene: Scene, cycle: Cycle, rules: EventRules, *, stride_s: float, timing: StepTiming | None = None
) -> dict[Side, Stance]:
    """Stance of each leg on the folded cycle, by the rules of the view; an oblique view is read as a side view.

    Where the feet are missing or hidden, also from the side, they are read by the rules of the frontal view, which need
    none.

    `stride_s` is the stride time in real seconds, so that the rules' errors in seconds fit a file played slowly.
    `timing` is what another view of the run tells; a view from the rear or front takes its events from it.
    """
    if scene.is_frontal_view or scene.feet_hidden or not (track.has("heel") and track.has("foot_index")):
        return _frontal_stances(track, cycle, stride_s, timing if scene.is_frontal_view else None)
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
    signals = (direction * heel[:, 0], -heel[:, 1], direction * toe[:, 0], -toe[:, 1], direction * turn_deg(*leg))
    heel_x, heel_y, toe_x, toe_y, knee_deg = (fold_signal(cycle, signal, in_windows=True) for signal in signals)
    foot_x, low_y = _foot_of(heel_x, toe_x), heel_y if np.isfinite(heel_y[0]).all() else toe_y
    contact, belt = side_view.contact_phases(foot_x, low_y, cycle.grid, expected=expected)
    by_knee = side_view.straightest_knee(knee_deg, contact, cycle.grid)
    by_foot = side_view.foot_leaves(toe_x, toe_y, belt=belt, contact=contact, near=by_knee, grid=cycle.grid)
    contact_error_s = _contact_error_s((heel_x, toe_x), heel_y, float(contact[0]), cycle, stride_s)
    foot = np.stack([signal[0] for signal in (heel_x, heel_y, toe_x, toe_y)])
    stretch_s = side_view.stretch_error(foot, by_foot[0], belt=belt[0], grid=cycle.grid) * stride_s
    toe_off, toe_off_error_s, method = _fused_toe_off(contact, by_foot, by_knee, cycle, stride_s, stretch_s=stretch_s)
    folds = 1 + len(cycle.draws)
    on_belt = side_view.standing_speed(foot_x[:folds], contact[:folds], toe_off[:folds])
    errors = (contact_error_s / stride_s, toe_off_error_s / stride_s)
    return Stance(
        side=side,
        contact_phase=_with_rule_error(contact[:folds], errors[0], side=side, kind="initial_contact"),
        toe_off_phase=_with_rule_error(toe_off[:folds], errors[1], side=side, kind="toe_off"),
        foot_speed_px=np.where(np.isfinite(on_belt), on_belt, belt[:folds]),
        contact_method="foot moves with the belt",
        toe_off_method=method,
        contact_shift=_shifts(contact, cycle, np.isfinite(heel).all(axis=1) | np.isfinite(toe).all(axis=1)),
        toe_off_shift=_shifts(toe_off, cycle, np.isfinite(toe).all(axis=1)),
    )


def _foot_of(heel: FloatArray, toe: FloatArray) -> FloatArray:
    """The middle of heel and forefoot, or the one of them that is known (of all folds)."""
    known = [end for end in (heel, toe) if np.isfinite(end[0]).all()]
    return np.asarray(np.mean(known, axis=0) if known else heel, dtype=np.float64)


def _contact_error_s(
    ends_ahead: tuple[FloatArray, FloatArray], heel_height: FloatArray, contact: float, cycle: Cycle, stride_s: float
) -> float:
    """95 % error of the contact in seconds: of the rule, and as much as heel and forefoot differ about it.

    Both come to the belt's speed together where they were found well (within 5 ms on the force plate). Where one of
    them isn't known, nobody contradicts the other, and they might differ by as much as the rule's error.
    """
    rule_s = side_view.CONTACT_ERROR_S
    phases = [side_view.contact_phases(end[:1], heel_height[:1], cycle.grid, expected=contact)[0] for end in ends_ahead]
    apart = abs(float((phases[0] - phases[1] + 0.5)[0] % 1) - 0.5)
    return float(np.hypot(rule_s, rule_s if np.isnan(apart) else apart * stride_s))


def _fused_toe_off(
    contact: FloatArray, by_foot: FloatArray, by_knee: FloatArray, cycle: Cycle, stride_s: float, *, stretch_s: float
) -> tuple[FloatArray, float, str]:
    """Toe-off of the two rules weighted by their errors, what is left of those (s, 95 %), and the method's name.

    Each rule's variance is that of its mean from foot to foot plus that of its bootstrap draws, the foot's with what
    its stretching adds (`stretch_s`). Where the two lie farther apart than these allow, one of them is wrong by more
    than it should be, and the error grows by as much.
    """
    foot_s = float(np.hypot(side_view.FOOT_LEAVES_ERROR_S, np.nan_to_num(stretch_s)))
    rules_s = np.array([foot_s, side_view.STRAIGHT_KNEE_ERROR_S])
    durations, noise_s = [], []
    for found in (by_foot, by_knee):
        after = (found - contact) % 1
        missing = np.isnan(found).mean() > 0.2 or np.isnan(found[0])
        draws = after[1 : 1 + len(cycle.draws)]
        noise_s.append(np.inf if missing else half_width(draws - after[0], cycle.draws.shape[1]) * stride_s)
        durations.append(np.nan_to_num(after, nan=float(np.nan_to_num(after[0]))))
    variances = rules_s**2 + np.array(noise_s) ** 2
    if not np.isfinite(variances).any():
        return np.full_like(contact, np.nan), np.nan, "none"
    weights = (1 / variances) / (1 / variances).sum()
    apart_s = abs(durations[0][0] - durations[1][0]) * stride_s
    too_far = max(apart_s / float(np.sqrt(variances.sum())), 1.0) if np.isfinite(variances).all() else 1.0
    error_s = too_far * float(np.sqrt(((weights * rules_s) ** 2).sum()))
    fused = (contact + weights[0] * durations[0] + weights[1] * durations[1]) % 1
    return fused, error_s, f"foot leaves the belt ({weights[0]:.0%}) and straightest knee ({weights[1]:.0%})"


def _with_rule_error(phases: FloatArray, half_width_strides: float, *, side: Side, kind: EventKind) -> FloatArray:
    """Phases (1 + b,) whose draws also scatter by the rule's own error, in part alike for both feet of a runner."""
    seeds = (SIDES.index(side), 20) if kind == "initial_contact" else (10 + SIDES.index(side), 21)
    own, shared = (normal_draws(len(phases) - 1, seed=[40, seed]) for seed in seeds)
    own -= shared * float((own * shared).mean())  # what is by chance alike in them
    own /= own[1:].std()
    scatter = (np.sqrt(1 - ALIKE) * own + np.sqrt(ALIKE) * shared) * half_width_strides / Z95
    return np.asarray(np.where(np.isfinite(phases), (phases + scatter) % 1, np.nan), dtype=np.float64)


def _shifts(phases: FloatArray, cycle: Cycle, seen: NDArray[np.bool_]) -> FloatArray:
    """How much later (w,) an event comes in each sliding window, by its phases (1 + b + w,) of all folds.

    Each is shrunk towards no change by its own noise: that of the bootstrap, for so few strides, and as much more as
    the window's frames in which the points were `seen` (n,) tell less of the cycle around the event.
    """
    first = 1 + len(cycle.draws)
    if len(phases) == first or not np.isfinite(phases[:first]).any():
        return np.zeros(len(phases) - first)
    away = (phases - phases[0] + 0.5) % 1 - 0.5
    leverage = speed_leverage(cycle, seen, float(phases[0]))
    usual = float(np.nanvar(away[1:first])) * cycle.draws.shape[1] / WINDOW_STRIDES
    noise = usual * np.maximum(leverage[1:] / (leverage[0] * cycle.draws.shape[1] / WINDOW_STRIDES), 1.0)
    real = max(float(np.nan_to_num(robust_sd(away[first:]))) ** 2 - float(np.median(noise)), 0.0)
    return np.asarray(np.nan_to_num(away[first:]) * real / (real + noise + 1e-18), dtype=np.float64)


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
    because = unbelievable or " and ".join(reasons)
    why = f"the {far.side} leg is hidden and its foot can't be believed: {because}"
    return _half_a_stride_later(near, rules, why)


def _half_a_stride_later(near: Stance, rules: EventRules, why: str) -> Stance:
    """The other leg's stance by this one."""
    far, error = other_side(near.side), rules.half_stride_error
    contact = _with_rule_error((near.contact_phase + 0.5) % 1, error, side=far, kind="initial_contact")
    toe_off = _with_rule_error((near.toe_off_phase + 0.5) % 1, error, side=far, kind="toe_off")
    return replace(
        near,
        side=far,
        contact_phase=contact,
        toe_off_phase=toe_off,
        foot_speed_px=np.full(len(contact), np.nan),
        contact_method=HALF_STRIDE_METHOD,
        toe_off_method=HALF_STRIDE_METHOD,
        withheld=why,
    )


def _frontal_stances(track: Track, cycle: Cycle, stride_s: float, timing: StepTiming | None) -> dict[Side, Stance]:
    """Stance of both legs from the body's vertical speed, or as `timing` has it; the lower foot tells the leg."""
    body = fold_signal(cycle, -steady(track, track.bouncing_point, window_s=cycle.period_s)[:, 1], in_windows=True)
    found = [frontal_view.turning_points(draw, cycle.grid) for draw in body]
    falls, rises = frontal_view.in_one_order(*(np.array(column) for column in zip(*found, strict=True)))
    first = 0 if _lift(track, cycle, "left", falls[0, 0]) < _lift(track, cycle, "right", falls[0, 0]) else 1
    folds, stances, lowest = 1 + len(cycle.draws), {}, bounce_lowest(body)
    seen = np.isfinite(track.point("mid_hip")).all(axis=1)
    for side in SIDES:
        step = first if side == "left" else 1 - first
        contact = falls[:, step] - frontal_view.FALL_PEAK_AFTER_CONTACT_S / stride_s
        toe_off = rises[:, step] + frontal_view.RISE_PEAK_BEFORE_TOE_OFF_S / stride_s
        errors = (frontal_view.CONTACT_ERROR_S / stride_s, frontal_view.TOE_OFF_ERROR_S / stride_s)
        methods = ("body's fastest fall", "body's fastest rise")
        if timing is not None:
            contact, contact_error = borrowed(contact, lowest, timing.contact_s[side], stride_s=stride_s)
            toe_off, toe_off_error = borrowed(toe_off, lowest, timing.toe_off_s[side], stride_s=stride_s)
            errors, methods = (contact_error, toe_off_error), (f"as {timing.source} shows it",) * 2
        stances[side] = Stance(
            side=side,
            contact_phase=_with_rule_error(contact[:folds] % 1, errors[0], side=side, kind="initial_contact"),
            toe_off_phase=_with_rule_error(toe_off[:folds] % 1, errors[1], side=side, kind="toe_off"),
            foot_speed_px=np.full(folds, np.nan),
            contact_method=methods[0],
            toe_off_method=methods[1],
            contact_shift=_shifts(contact, cycle, seen),
            toe_off_shift=_shifts(toe_off, cycle, seen),
        )
    return stances


def _lift(track: Track, cycle: Cycle, side: Side, phase: float) -> float:
    """How far an ankle is above its own lowest place a tenth of a stride after a phase, in pixels."""
    coefficients = cycle.coefficients[track.skeleton.index(f"{side}_ankle"), 1]
    there = evaluate_cycle(coefficients, np.array([(phase + 0.1) % 1]))[0]
    return float(evaluate_cycle(coefficients, cycle.grid).max() - there)
