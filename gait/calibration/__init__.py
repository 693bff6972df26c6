"""Room 6: from file time to real seconds, from pixels to metres. Track, Scene, Cycle -> Calibration."""

from gait.calibration.length import Known, calibrate
from gait.calibration.time import capture_speed, real_stride_s, slow_motion_warning

__all__ = ["Known", "calibrate", "capture_speed", "real_stride_s", "slow_motion_warning"]
