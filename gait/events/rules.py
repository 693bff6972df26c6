"""Settings of the events."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EventRules:
    """Settings of the events.

    A far leg is timed by itself where the scene believes it (its grade isn't D), its contact lies within
    `max_half_stride_error` strides of half a stride after the near leg's, its foot moves back within
    `max_belt_difference` of the near foot's speed, and its stance is within `max_duration_difference` strides as long;
    otherwise half a stride after the near leg, with `half_stride_error` (95 %). Stances of unlike legs last 15 % longer
    on one side, 0.055 strides, and the errors of two toe-offs make up as much. `stride_deviation_s` is what a single
    stride's event is off where it was put (95 %): 5 ms for contacts and 7 ms for toe-offs on the force plate at 30 to
    120 fps.
    """

    max_half_stride_error: float = 0.06
    max_belt_difference: float = 0.25
    max_duration_difference: float = 0.11
    half_stride_error: float = 0.04
    stride_deviation_s: float = 0.006
