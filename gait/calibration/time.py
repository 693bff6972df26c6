"""Capture rate: how much slower than filmed a file is played."""

from __future__ import annotations

from gait.errors import ConfigError
from gait.model import Cycle, Quantity, Video

# Steps per minute below which a runner's cadence is implausible, so that the file is taken for slow motion.
# 860 runners at 9.9 km/h: 164, SD 9 (Malisoux 2023, doi:10.1177/23259671231204629); this is four SD below.
SLOWEST_CADENCE_SPM = 128.0
USUAL_CADENCE_SPM = 164.0


def capture_speed(video: Video, capture_fps: float | None) -> Quantity:
    """Real seconds per second of the file: 1 for a normal clip, 0.125 for 240 fps played at 30.

    What the user says wins over what the file's metadata says.

    Raises
    ------
    ConfigError
        The capture rate is no rate, or lower than the file's own by more than rounding.
    """
    if capture_fps is None and video.capture_fps is None:
        return Quantity(1.0, 0.0, "the file's own time stamps")
    rate, source = (capture_fps, "entered") if capture_fps is not None else (video.capture_fps or 0.0, "metadata")
    speed = float(video.fps) / rate if rate > 0 else 0.0
    if not 0.01 < speed <= 1.05:
        raise ConfigError(
            f"A capture rate of {rate:g} fps does not fit {video.path.name}, which plays at "
            f"{float(video.fps):.1f} fps; give the rate at which the camera filmed, for instance --capture-fps 240."
        )
    return Quantity(min(speed, 1.0), 0.0, f"capture rate of {rate:g} fps, {source}")


def slow_motion_warning(cadence_spm: float, speed: Quantity) -> str:
    """Why times can't be told, where a running cadence is too slow to be real; empty otherwise."""
    if cadence_spm >= SLOWEST_CADENCE_SPM:
        return ""
    clock = "the time given" if speed.value != 1 else "its own time"
    return (
        f"the clip shows {cadence_spm:.1f} steps per minute in {clock}, too slow for running: it looks like slow "
        "motion; say how fast it was filmed, for instance --capture-fps 240"
    )


def real_stride_s(cycle: Cycle, speed: Quantity, *, known: bool) -> float:
    """Stride time in real seconds; a runner's usual one where the file's speed isn't known."""
    return cycle.period_s * speed.value if known else 120 / USUAL_CADENCE_SPM
