"""What is drawn onto each frame of the annotated video: skeleton, angles, events, phase bar, blurred head."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gait.model import SIDES, Analysis, FloatArray, Side
from gait.report.drawing import Pen, Picture
from gait.report.faces import blur_heads, head_circles
from gait.report.palette import FAR_ON_VIDEO, MIDDLE_ON_VIDEO, MUTED_ON_VIDEO, ON_VIDEO, TEXT_ON_VIDEO, Rgb
from gait.report.readouts import Readout, readouts

_SMALLEST_CONFIDENCE = 0.2  # below it a point is a guess and isn't drawn
_FLASH_STRIDES = 0.13  # how long an event stays lit: about 0.1 s
_EVENT_WORDS = {"initial_contact": "initial contact", "toe_off": "toe-off"}
_MARGIN = 14.0
_ROW = 25.0


class Overlay:
    """All that the drawing of single frames needs, worked out once per analysis."""

    def __init__(self, analysis: Analysis, *, show_face: bool = False) -> None:
        track = analysis.track
        seen = np.isfinite(track.xy).all(axis=2) & (track.confidence >= _SMALLEST_CONFIDENCE)
        self.analysis = analysis
        self.show_face = show_face
        self.xy: FloatArray = np.where(seen[..., None], track.xy, np.nan).astype(np.float64)
        self.heads = head_circles(analysis.raw_track)
        self.readouts: tuple[Readout, ...] = readouts(analysis)
        self.far_side: Side | None = None
        if analysis.scene.near_side is not None:
            self.far_side = "right" if analysis.scene.near_side == "left" else "left"
        self.edges = _sorted_edges(analysis, self.far_side)
        self.stances = {side: _stances(analysis, side) for side in SIDES}
        self.strides = _stride_windows(analysis, analysis.scene.near_side or "left")
        lengths = np.diff(self.strides, axis=1)
        self.flash_s = _FLASH_STRIDES * (float(np.median(lengths)) if len(lengths) else 0.7)
        cadence = analysis.metrics.get("cadence_spm")
        self.cadence_spm = None if cadence is None or cadence.withheld else cadence.estimate

    def point(self, frame_index: int, name: str) -> FloatArray:
        """One keypoint of a frame (2,); NaN where it is unknown, unsure, or the skeleton lacks it."""
        if name.startswith("mid_"):
            joint = name.removeprefix("mid_")
            both = [self.point(frame_index, f"{side}_{joint}") for side in SIDES]
            return np.asarray(np.mean(both, axis=0), dtype=np.float64)
        skeleton = self.analysis.track.skeleton
        return self.xy[frame_index, skeleton.index(name)] if name in skeleton else np.full(2, np.nan)


def draw_frame(picture_rgb: Picture, overlay: Overlay, frame_index: int) -> Picture:
    """Draw all that is known about one frame onto a copy of it.

    Parameters
    ----------
    picture_rgb : (h, w, 3) uint8, the upright frame.
    overlay : what is known about the clip.
    frame_index : number of the frame in the video.
    """
    picture = picture_rgb.copy()
    if not overlay.show_face:
        blur_heads(picture, overlay.heads[frame_index])
    pen = Pen.of(picture)
    draw_skeleton(pen, overlay, overlay.xy[frame_index])
    time_s = float(overlay.analysis.video.file_time_s[frame_index])
    panel_bottom = _draw_panel(pen, overlay, frame_index)
    _draw_flashes(pen, overlay, frame_index, time_s, below=panel_bottom)
    _draw_phase_bar(pen, overlay, time_s)
    return picture


def draw_skeleton(pen: Pen, overlay: Overlay, xy: FloatArray) -> None:
    """Bones and joints of one frame from its points (k, 2); the far leg first, thinner and duller."""
    for a, b, colour, width in overlay.edges:
        pen.line(xy[a], xy[b], colour, width)
    for a, b, colour, width in overlay.edges:
        for k in (a, b):
            pen.dot(xy[k], colour, 0.9 * width + 1.2)


def _sorted_edges(analysis: Analysis, far_side: Side | None) -> tuple[tuple[int, int, Rgb, float], ...]:
    """The bones with colour and width, in drawing order: far side, middle, near side."""
    names = analysis.track.skeleton.names
    edges: list[tuple[int, tuple[int, int, Rgb, float]]] = []
    for first, second in analysis.track.skeleton.edges:
        pair = names.index(first), names.index(second)
        side: Side | None = next((s for s in SIDES if first.startswith(s) and second.startswith(s)), None)
        if side is None:
            if first.startswith(SIDES) or second.startswith(SIDES):
                edges.append((1, (*pair, MIDDLE_ON_VIDEO, 2.4)))
        elif side == far_side:
            edges.append((0, (*pair, FAR_ON_VIDEO[side], 2.0)))
        else:
            edges.append((2, (*pair, ON_VIDEO[side], 3.6)))
    face = ("nose", "eye", "ear", "mouth")
    return tuple(
        edge for _, edge in sorted(edges, key=lambda item: item[0])
        if not any(word in names[k] for k in edge[:2] for word in face)
    )  # fmt: skip


def _stances(analysis: Analysis, side: Side) -> FloatArray:
    """Stances (m, 2) of one leg, from contact to toe-off in file time."""
    events = analysis.events
    contacts = events.file_time_s[events.select("initial_contact", side)]
    lifts = events.file_time_s[events.select("toe_off", side)]
    following = np.append(contacts, np.inf)[1:]
    pairs = [
        (start, float(lifts[lifts > start].min()))
        for start, stop in zip(contacts, following, strict=True)
        if ((lifts > start) & (lifts < stop)).any()
    ]
    return np.array(pairs, dtype=np.float64).reshape(-1, 2)


def _stride_windows(analysis: Analysis, near_side: Side) -> FloatArray:
    """Strides (m, 2) in file time, between contacts of one leg: the near one where it has any."""
    events = analysis.events
    for side in (near_side, *SIDES):
        contacts = events.file_time_s[events.select("initial_contact", side)]
        if len(contacts) > 1:
            return np.stack([contacts[:-1], contacts[1:]], axis=1)
    return np.empty((0, 2))


def _draw_flashes(pen: Pen, overlay: Overlay, frame_index: int, time_s: float, *, below: float) -> None:
    """A ring at the foot of each event that has just been, and its name below the panel, where no foot comes."""
    events = overlay.analysis.events
    lit = np.flatnonzero((events.file_time_s <= time_s) & (time_s < events.file_time_s + overlay.flash_s))
    for row, k in enumerate(lit):
        side = events.side[k]
        age = (time_s - events.file_time_s[k]) / overlay.flash_s
        foot = overlay.point(
            frame_index, f"{side}_heel" if events.kind[k] == "initial_contact" else f"{side}_foot_index"
        )
        pen.ring(foot, ON_VIDEO[side], 12 + 16 * age)
        place = (_MARGIN * pen.unit_px, below + (26 + 38 * row) * pen.unit_px)
        pen.label(f"{_EVENT_WORDS[events.kind[k]]}, {side}", place, colour=ON_VIDEO[side], height=17)


def _draw_panel(pen: Pen, overlay: Overlay, frame_index: int) -> float:
    """Upper left: cadence, then a row per angle with a column per side; gives where it ends in the picture."""
    rows: dict[str, dict[str, float]] = {}
    for readout in overlay.readouts:
        rows.setdefault(readout.label, {})[readout.side] = float(readout.values[frame_index])
    cadence = overlay.cadence_spm
    if not rows and cadence is None:
        return 0.0
    unit = pen.unit_px
    label_width = max((pen.text_size(label, 14)[0] for label in [*rows, "cadence"]), default=0.0) + 18 * unit
    column, first, row_px = 66 * unit, _MARGIN * unit, max(_ROW * unit, 15.0)
    column = max(column, pen.text_size("-188.8°", 14)[0])
    n_rows = len(rows) + (cadence is not None) + bool(rows)
    bottom = first + (n_rows + 0.5) * row_px
    pen.plate(first, first, first + label_width + 2 * column + 12 * unit, bottom)
    x, y = first + 10 * unit, first + row_px
    if cadence is not None:
        pen.text("cadence", (x, y), 14, MUTED_ON_VIDEO)
        pen.text(f"{cadence:.0f} steps/min", (x + label_width, y), 14, TEXT_ON_VIDEO)
        y += row_px
    if rows:
        for k, side in enumerate(SIDES):
            _right_aligned(pen, side, x + label_width + (k + 1) * column - 8 * unit, y, ON_VIDEO[side])
        y += row_px
    colours: dict[str, Rgb] = {"both": TEXT_ON_VIDEO, "left": ON_VIDEO["left"], "right": ON_VIDEO["right"]}
    for label, values in rows.items():
        pen.text(label, (x, y), 14, MUTED_ON_VIDEO)
        for side_or_both, value in values.items():
            if np.isfinite(value):
                at = x + label_width + (1 if side_or_both == "left" else 2) * column - 8 * unit
                colour = colours[side_or_both]
                _right_aligned(pen, f"{round(value)}°", at, y, colour)
        y += row_px
    return bottom


def _right_aligned(pen: Pen, text: str, right: float, y: float, colour: Rgb) -> None:
    pen.text(text, (right - pen.text_size(text, 14)[0], y), 14, colour)


def _draw_phase_bar(pen: Pen, overlay: Overlay, time_s: float) -> None:
    """Lower edge: when each foot is on the ground in the stride at hand, and where in it this frame is."""
    inside = (overlay.strides[:, 0] <= time_s) & (time_s < overlay.strides[:, 1])
    if not inside.any():
        return
    start, stop = overlay.strides[int(np.argmax(inside))]
    unit, (height, width) = pen.unit_px, pen.picture.shape[:2]
    row_px = max(18 * unit, 11.0)
    top = height - 2 * row_px - 20 * unit
    pen.plate(0, top, width, height)
    text_px = max(pen.text_size(f"{side} stance", 12)[0] for side in SIDES)
    left, right = 2 * _MARGIN * unit + text_px, width - _MARGIN * unit
    for k, side in enumerate(SIDES):
        middle = top + 10 * unit + (k + 0.5) * row_px
        pen.text(f"{side} stance", (_MARGIN * unit, middle + 5 * unit), 12, ON_VIDEO[side])
        pen.plate(left, middle - 0.3 * row_px, right, middle + 0.3 * row_px, opacity=0.45)
        for span in overlay.stances[side]:
            low, high = np.clip((span - start) / (stop - start), 0, 1) * (right - left) + left
            if high > low:
                _fill(pen.picture, low, middle - 0.3 * row_px, high, middle + 0.3 * row_px, ON_VIDEO[side])
    at = left + (time_s - start) / (stop - start) * (right - left)
    pen.line(np.array([at, top + 6 * unit]), np.array([at, height - 6 * unit]), TEXT_ON_VIDEO, 2.4)


def _fill(picture: NDArray[np.uint8], left: float, top: float, right: float, bottom: float, colour: Rgb) -> None:
    picture[round(top) : round(bottom), round(left) : round(right)] = colour
