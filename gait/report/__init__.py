"""Analysis to what people look at: annotated frames, key frames, and the HTML report. Nothing is computed here."""

from gait.report.html import write_html
from gait.report.keyframes import KeyFrame, draw_key_frame, key_frames
from gait.report.overlay import Overlay, draw_frame

__all__ = ["KeyFrame", "Overlay", "draw_frame", "draw_key_frame", "key_frames", "write_html"]
