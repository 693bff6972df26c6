"""Room 3: what the camera sees. Track -> Scene."""

from gait.scene.aside import judge_aside
from gait.scene.believable import LegRules, judge_believable, refuse_legs
from gait.scene.cuts import cycle_in_whole_clip, in_whole_clip, longest_run, only
from gait.scene.joined import Joined, Part, in_run_time, join
from gait.scene.legs import judge_legs
from gait.scene.roll import judge_roll, levelled, upright
from gait.scene.running import judge_running, runs_by_shape
from gait.scene.view import SceneRules, find_scene

__all__ = [
    "Joined",
    "LegRules",
    "Part",
    "SceneRules",
    "cycle_in_whole_clip",
    "find_scene",
    "in_run_time",
    "in_whole_clip",
    "join",
    "judge_aside",
    "judge_believable",
    "judge_legs",
    "judge_roll",
    "judge_running",
    "levelled",
    "longest_run",
    "only",
    "refuse_legs",
    "runs_by_shape",
    "upright",
]
