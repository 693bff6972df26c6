"""Room 5: initial contacts and toe-offs. Track, Scene, Cycle -> Events, Strides."""

from gait.events.borrowed import step_timing
from gait.events.find import find_events, in_real_time, no_events
from gait.events.rules import EventRules
from gait.events.stances import stance_phases
from gait.events.strides import find_strides, no_strides

__all__ = [
    "EventRules",
    "find_events",
    "find_strides",
    "in_real_time",
    "no_events",
    "no_strides",
    "stance_phases",
    "step_timing",
]
