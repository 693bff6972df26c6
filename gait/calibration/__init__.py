"""Room 6: from file time to real seconds, from pixels to metres. Track, Scene, Cycle -> Calibration."""

from gait.calibration.length import Known, calibrate
from gait.calibration.slow_motion import gait_signs
from gait.calibration.time import Clock, capture_speed, tell_time, usual_stride_s

__all__ = ["Clock", "Known", "calibrate", "capture_speed", "gait_signs", "tell_time", "usual_stride_s"]
