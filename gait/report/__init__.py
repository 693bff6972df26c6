"""Analysis to what people look at: annotated frames, key frames, and the HTML report. Nothing is computed here."""

from gait.report.html import write_html
from gait.report.keyframes import PLAIN_GROUND, KeyFrame, draw_key_frame, key_frames
from gait.report.overlay import Overlay, draw_frame
from gait.report.sections import has_pictures
from gait.report.session_page import write_session_html

__all__ = [
    "PLAIN_GROUND",
    "KeyFrame",
    "Overlay",
    "draw_frame",
    "draw_key_frame",
    "has_pictures",
    "key_frames",
    "write_html",
    "write_session_html",
]
