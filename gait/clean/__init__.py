"""Room 4: repair of what the pose model gets wrong. Track, Scene -> Track."""

from gait.clean.limb_axes import with_limb_axes
from gait.clean.repair import Repair, repair

__all__ = ["Repair", "repair", "with_limb_axes"]
