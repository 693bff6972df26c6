"""Room 3: what the camera sees. Track -> Scene."""

from gait.scene.legs import judge_legs
from gait.scene.running import judge_running
from gait.scene.view import SceneRules, find_scene

__all__ = ["SceneRules", "find_scene", "judge_legs", "judge_running"]
