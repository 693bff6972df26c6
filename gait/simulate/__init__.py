"""The synthetic runner with exact truth: kinematics, joints, camera, keypoints."""

from gait.simulate.camera import Camera
from gait.simulate.film import Filmed, film
from gait.simulate.keypoint_noise import KeypointNoise
from gait.simulate.run import Run, simulate_run
from gait.simulate.runner import Runner, with_femoral_adduction
from gait.simulate.sampling import Sampling
from gait.simulate.source import Moving
from gait.simulate.variation import Change, Variation

__all__ = [
    "Camera",
    "Change",
    "Filmed",
    "KeypointNoise",
    "Moving",
    "Run",
    "Runner",
    "Sampling",
    "Variation",
    "film",
    "simulate_run",
    "with_femoral_adduction",
]
