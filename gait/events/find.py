"""The events of every stride."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from gait.cycle import half_width, time_at_phase
from gait.events.deviations import event_shifts
from gait.events.rules import EventRules
from gait.model import Cycle, EventKind, Events, FloatArray, Side, Stance, Track

UNSEEN_STRIDES = 0.5  # an event farther from the last sight of the runner is a guess


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
                at = strides + phase[0] + event_shifts(track, cycle, stance, kind, strides)
                times = time_at_phase(cycle, track.video.file_time_s, at)
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
