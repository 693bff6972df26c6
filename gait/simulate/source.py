"""What a camera can film: anything that moves like a runner and knows its own truth."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from gait.model import FloatArray, Side


class Moving(Protocol):
    """A runner on a treadmill: the simulated one, or one recorded with markers on a force plate.

    Metres and real seconds; x in running direction, y up from the belt, z to the runner's right; the runner stays near
    x = 0 and the belt moves towards -x. Joints are `left_` or `right_` with shoulder, elbow, wrist, hip, knee, ankle,
    heel and foot_index, and nose; a recorded runner may lack arms and head.
    """

    @property
    def contact_s(self) -> Mapping[Side, FloatArray]:
        """All initial contacts of each leg, sorted."""
        ...

    @property
    def toe_off_s(self) -> Mapping[Side, FloatArray]:
        """All toe-offs of each leg, sorted."""
        ...

    @property
    def duration_s(self) -> float:
        """How long the runner can be filmed, from time 0."""
        ...

    def joints_at(self, time_s: FloatArray) -> dict[str, FloatArray]:
        """Joint name to places (n, 3)."""
        ...

    def belt_speed_mps_at(self, time_s: FloatArray) -> FloatArray:
        """Speed of the belt (n,)."""
        ...
