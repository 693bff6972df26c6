"""Room 3: what the camera sees. Track -> Scene."""

from gait.scene.believable import LegRules, judge_believable, refuse_legs
from gait.scene.legs import judge_legs
from gait.scene.running import judge_running
from gait.scene.view import SceneRules, find_scene

__all__ = [
    "LegRules",
    "SceneRules",
    "find_scene",
    "judge_believable",
    "judge_legs",
    "judge_running",
    "refuse_legs",
]
