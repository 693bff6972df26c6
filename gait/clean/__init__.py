"""Room 4: repair of what the pose model gets wrong. Track, Scene -> Track."""

from gait.clean.repair import Repair, repair

__all__ = ["Repair", "repair"]
