"""Room 6: from file time to real seconds, from pixels to metres. Track, Scene, Cycle -> Calibration."""

from gait.calibration.clock import Clock
from gait.calibration.length import Known, calibrate
from gait.calibration.slow_motion import STATURE_M, gait_signs
from gait.calibration.time import capture_speed, tell_time, usual_stride_s

__all__ = ["STATURE_M", "Clock", "Known", "calibrate", "capture_speed", "gait_signs", "tell_time", "usual_stride_s"]
