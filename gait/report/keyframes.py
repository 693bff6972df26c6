"""The stills of the report: which frames, and the angles drawn into them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import cv2
import numpy as np

from gait.model import SIDES, Analysis, Events, FloatArray, Side
from gait.report.drawing import Pen, Picture, towards
from gait.report.faces import blur_heads
from gait.report.overlay import Overlay, draw_skeleton
from gait.report.palette import ON_VIDEO, TEXT_ON_VIDEO
from gait.report.readouts import is_withheld, readouts
from gait.report.wording import still_value

Moment = Literal["initial_contact", "midstance"]

STILL_SIZE_PX = (720, 900)
PLAIN_GROUND = (232, 235, 239)  # beside the picture, and where there is none
_LABEL_HEIGHT = 29.0  # readable where a still is shown at a third of its size
_MIDSTANCE_OF_STRIDE = 0.17  # where no toe-off is known: half of a usual stance
_DISTANCE = "ankle_to_hip_at_contact_leg_lengths"
_KNEE_METRICS: Mapping[Moment, str] = {
    "initial_contact": "knee_flexion_at_contact_deg",
    "midstance": "peak_stance_knee_flexion_deg",
}
# Which end of a label points at the runner, when it stands ahead of and behind what it names.
_ANCHORS: Mapping[int, tuple[Literal["left", "right"], Literal["left", "right"]]] = {
    -1: ("right", "left"),
    1: ("left", "right"),
}
_TITLES: Mapping[Moment, str] = {"initial_contact": "Initial contact", "midstance": "Midstance"}


@dataclass(frozen=True, slots=True)
class KeyFrame:
    """One still: the frame's number, what it shows of which leg, and the values drawn in (by angle, in degrees).

    `values` holds angles by the names of the angle table without the side, and the ankle-to-hip distance of that
    stride in leg lengths by its metric's name; what couldn't be measured or is withheld isn't in it.
    """

    index: int
    title: str
    side: Side
    moment: Moment
    file_time_s: float
    values: Mapping[str, float]


def key_frames(analysis: Analysis) -> tuple[KeyFrame, ...]:
    """Initial contact and midstance of each leg that has events, in its most ordinary stride; the near leg first."""
    sides = sorted(SIDES, key=lambda side: side != (analysis.scene.near_side or "left"))
    frames = []
    for side in sides:
        contact_s = _ordinary_contact(analysis, side)
        if contact_s is None or not _is_believable(analysis, side):
            continue
        moments: tuple[tuple[Moment, float | None], ...] = (
            ("initial_contact", contact_s),
            ("midstance", _midstance(analysis.events, side, contact_s)),
        )
        frames += [_key_frame(analysis, side, moment, time_s) for moment, time_s in moments if time_s is not None]
    return tuple(frames)


def _is_believable(analysis: Analysis, side: Side) -> bool:
    """Whether a leg is seen well enough for a still.

    The far leg of a side view may have contacts that are only reckoned from the near leg's: then its values are
    withheld.
    """
    scene, table = analysis.scene, analysis.metrics
    leg = scene.legs.get(side)
    if leg is not None and leg.grade == "D":
        return False
    if not scene.is_side_view or side == scene.near_side:
        return True
    mine = [s for s in table.summary if s.side == side and table.info[s.name].view == "side"]
    return any(not summary.withheld for summary in mine)


def _key_frame(analysis: Analysis, side: Side, moment: Moment, file_time_s: float) -> KeyFrame:
    times = analysis.video.file_time_s
    index = int(np.argmin(np.abs(times - file_time_s)))
    drawn = _drawn_angles(analysis, moment)
    values = {
        readout.stem: float(readout.values[index])
        for readout in readouts(analysis)
        if readout.stem in drawn and readout.side in (side, "both") and np.isfinite(readout.values[index])
    }
    if is_withheld(analysis, _KNEE_METRICS[moment], side):
        values.pop("knee_flexion_deg", None)
    if analysis.scene.is_side_view and moment == "initial_contact" and not is_withheld(analysis, _DISTANCE, side):
        distance = _stride_value(analysis, side, file_time_s, _DISTANCE)
        if np.isfinite(distance):
            values[_DISTANCE] = distance
    return KeyFrame(index, f"{_TITLES[moment]}, {side}", side, moment, float(times[index]), values)


def _drawn_angles(analysis: Analysis, moment: Moment) -> tuple[str, ...]:
    """What is drawn into a still; from behind and in front nothing at contact, when those angles aren't read."""
    if analysis.scene.is_side_view:
        return ("knee_flexion_deg", "shank_angle_deg" if moment == "initial_contact" else "trunk_lean_deg")
    if analysis.scene.is_frontal_view and moment == "midstance":
        return ("frontal_plane_projection_deg", "femoral_adduction_deg")
    return ()


def _strides_of(analysis: Analysis, side: Side) -> tuple[FloatArray, FloatArray]:
    """Times (m,) of the strides of a leg that count, and their metrics (m, j)."""
    table = analysis.metrics.values
    if not {"side", "time_s", "rejected"} <= set(table.columns):
        return np.empty(0), np.empty((0, 0))
    rows = table[(table["side"] == side) & (table["rejected"].fillna("") == "")]
    names = [name for name in analysis.metrics.info if name in table.columns]
    return rows["time_s"].to_numpy(np.float64), rows[names].to_numpy(np.float64)


def _ordinary_contact(analysis: Analysis, side: Side) -> float | None:
    """File time of the initial contact whose stride is nearest to the median of all its metrics."""
    events = analysis.events
    mine = events.select("initial_contact", side)
    contacts, real = events.file_time_s[mine], events.time_s[mine]
    if len(contacts) == 0:
        return None
    times_s, metrics = _strides_of(analysis, side)
    metrics = metrics[:, np.isfinite(metrics).any(axis=0)]
    if metrics.size == 0:
        return float(contacts[len(contacts) // 2])
    distance = np.abs(metrics - np.nanmedian(metrics, axis=0))
    scale = np.nanmedian(distance, axis=0)
    score = np.nansum(distance / np.where(scale > 0, scale, np.inf), axis=1) + np.isnan(metrics).sum(axis=1)
    return float(contacts[np.argmin(np.abs(real - times_s[np.argmin(score)]))])


def _stride_value(analysis: Analysis, side: Side, file_time_s: float, name: str) -> float:
    """A metric of the stride that starts at a contact; NaN where there is none."""
    table, events = analysis.metrics.values, analysis.events
    if name not in table.columns:
        return float("nan")
    rows = table[table["side"] == side]
    event = int(np.argmin(np.abs(events.file_time_s - file_time_s)))
    return float(rows[name].iloc[int(np.argmin(np.abs(rows["time_s"].to_numpy(np.float64) - events.time_s[event])))])


def _midstance(events: Events, side: Side, contact_s: float) -> float | None:
    """The middle between a contact and its toe-off, or the usual place in the stride without one."""
    lifts = events.file_time_s[events.select("toe_off", side)]
    contacts = events.file_time_s[events.select("initial_contact", side)]
    later_contacts, later_lifts = contacts[contacts > contact_s], lifts[lifts > contact_s]
    if len(later_lifts) and (len(later_contacts) == 0 or later_lifts[0] < later_contacts[0]):
        return float(contact_s + later_lifts[0]) / 2
    return float(contact_s + _MIDSTANCE_OF_STRIDE * (later_contacts[0] - contact_s)) if len(later_contacts) else None


def draw_key_frame(picture_rgb: Picture, overlay: Overlay, key_frame: KeyFrame) -> Picture:
    """A still cropped to the runner, with the skeleton and the key frame's angles drawn in.

    Parameters
    ----------
    picture_rgb : (h, w, 3) uint8, the frame of `key_frame.index`, with nothing drawn on it.
    """
    picture = picture_rgb
    if not overlay.show_face:
        picture = picture_rgb.copy()
        blur_heads(picture, overlay.heads[key_frame.index])
    heads = overlay.heads[key_frame.index]
    tops = heads[:, :2] - np.stack([np.zeros(len(heads)), heads[:, 2]], axis=1)
    transform = _crop(np.vstack([overlay.xy[key_frame.index], tops]), picture.shape[1], picture.shape[0])
    enlarging = transform[0, 0] > 1
    still = cv2.warpAffine(
        picture, transform, STILL_SIZE_PX, flags=cv2.INTER_CUBIC if enlarging else cv2.INTER_AREA,
        borderMode=cv2.BORDER_CONSTANT, borderValue=PLAIN_GROUND,
    )  # fmt: skip
    pen = Pen.of(np.ascontiguousarray(still, dtype=np.uint8))
    draw_skeleton(pen, overlay, overlay.xy[key_frame.index] @ transform[:, :2].T + transform[:, 2])

    def point(name: str) -> FloatArray:
        """A joint as the angles have it: from the rear and front in the middle of the limb's outline."""
        middle = overlay.point(key_frame.index, f"{name}_axis")
        place = middle if np.isfinite(middle).all() else overlay.point(key_frame.index, name)
        placed: FloatArray = transform[:, :2] @ place + transform[:, 2]
        return placed

    leg = [point(f"{key_frame.side}_{joint}") for joint in ("hip", "knee", "ankle")]
    for upper, lower in pairwise(leg):
        pen.line(upper, lower, ON_VIDEO[key_frame.side], 3.6)
    scene = overlay.analysis.scene
    if scene.is_side_view:
        _draw_sagittal(pen, point, key_frame, scene.direction, scene.roll_deg)
    elif scene.is_frontal_view:
        _draw_frontal(pen, point, key_frame, scene.roll_deg)
    return pen.picture


def _crop(xy: FloatArray, width_px: int, height_px: int) -> FloatArray:
    """Affine map (2, 3) from the frame to the still: the runner with room around, inside the frame if it can be."""
    out_w, out_h = STILL_SIZE_PX
    known = xy[np.isfinite(xy).all(axis=1)]
    low, high = (known.min(axis=0), known.max(axis=0)) if len(known) else (np.zeros(2), np.array([width_px, height_px]))
    wanted = np.maximum(1.2 * (high - low) + 0.1 * (high[1] - low[1]), 1.0)
    needed = np.maximum(high - low + 0.06 * (high[1] - low[1]), 1.0)
    # Rather a tight picture than one with a border.
    scale = max(min(out_w / wanted[0], out_h / wanted[1]), min(out_w / needed[0], out_h / needed[1], out_h / height_px))
    window = np.array([out_w, out_h]) / scale
    corner = (low + high - window) / 2
    room = np.array([width_px, height_px]) - window
    corner = np.where(room >= 0, np.clip(corner, 0, np.maximum(room, 0)), corner)
    return np.array([[scale, 0, -scale * corner[0]], [0, scale, -scale * corner[1]]])


Locate = Callable[[str], FloatArray]


def _draw_sagittal(pen: Pen, point: Locate, key_frame: KeyFrame, direction: int, roll_deg: float) -> None:
    """Knee angle always; at contact the shank against the vertical and the ankle's place ahead of the hip."""
    side, values, colour = key_frame.side, key_frame.values, ON_VIDEO[key_frame.side]
    hip, knee, ankle = (point(f"{side}_{joint}") for joint in ("hip", "knee", "ankle"))
    reach = 110 * pen.unit_px
    ahead, behind = _ANCHORS[direction]
    if "knee_flexion_deg" in values and np.isfinite([hip, knee, ankle]).all():
        extension = knee + reach * (knee - hip) / np.linalg.norm(knee - hip)
        pen.dashed(knee, extension, TEXT_ON_VIDEO)
        pen.arc(knee, extension, ankle, colour, 62)
        at = (knee[0] + direction * 34 * pen.unit_px, knee[1] - 20 * pen.unit_px)
        pen.label(
            still_value("knee_flexion_deg", values["knee_flexion_deg"]),
            at,
            colour=colour,
            height=_LABEL_HEIGHT,
            anchor=ahead,
        )
    if key_frame.moment == "midstance":
        _draw_trunk(pen, point, key_frame, direction, roll_deg)
        return
    if "shank_angle_deg" in values and np.isfinite([knee, ankle]).all():
        top = towards(ankle, angle_deg=180 - roll_deg, length=1.25 * reach)
        pen.dashed(ankle, top, TEXT_ON_VIDEO)
        pen.arc(ankle, top, knee, colour, 92)
        at = (ankle[0] - direction * 34 * pen.unit_px, ankle[1] - 62 * pen.unit_px)
        pen.label(
            still_value("shank_angle_deg", values["shank_angle_deg"]),
            at,
            colour=colour,
            height=_LABEL_HEIGHT,
            anchor=behind,
        )
    if _DISTANCE in values:
        _draw_distance(pen, point("mid_hip"), ankle, values[_DISTANCE], roll_deg)


def _draw_trunk(pen: Pen, point: Locate, key_frame: KeyFrame, direction: int, roll_deg: float) -> None:
    hip, shoulder = point("mid_hip"), point("mid_shoulder")
    if "trunk_lean_deg" not in key_frame.values or not np.isfinite([hip, shoulder]).all():
        return
    top = towards(hip, angle_deg=180 - roll_deg, length=float(np.linalg.norm(shoulder - hip)))
    pen.dashed(hip, top, TEXT_ON_VIDEO)
    pen.line(hip, shoulder, TEXT_ON_VIDEO, 2.6)
    pen.arc(hip, top, shoulder, TEXT_ON_VIDEO, 130)
    _, behind = _ANCHORS[direction]
    at = (hip[0] - direction * 30 * pen.unit_px, (hip[1] + shoulder[1]) / 2)
    pen.label(
        still_value("trunk_lean_deg", key_frame.values["trunk_lean_deg"]), at, height=_LABEL_HEIGHT, anchor=behind
    )


def _draw_distance(pen: Pen, hip: FloatArray, ankle: FloatArray, leg_lengths: float, roll_deg: float) -> None:
    """The plumb line of the hip, and the arrow from it to the ankle."""
    if not np.isfinite([hip, ankle]).all():
        return
    down = towards(np.zeros(2), angle_deg=-roll_deg, length=1.0)
    lowest = min(ankle[1] + 62 * pen.unit_px, pen.picture.shape[0] - 62 * pen.unit_px)
    below_ankle = ankle + (lowest - ankle[1]) / down[1] * down
    foot_of_plumb = hip + float((below_ankle - hip) @ down) * down
    pen.dashed(hip, foot_of_plumb, TEXT_ON_VIDEO)
    pen.dashed(ankle, below_ankle, TEXT_ON_VIDEO)
    pen.line(foot_of_plumb, below_ankle, TEXT_ON_VIDEO, 3.0)
    for end in (foot_of_plumb, below_ankle):
        pen.dot(end, TEXT_ON_VIDEO, 5)
    at = ((foot_of_plumb[0] + below_ankle[0]) / 2, (foot_of_plumb[1] + below_ankle[1]) / 2 + 36 * pen.unit_px)
    pen.label(still_value(_DISTANCE, leg_lengths), at, height=_LABEL_HEIGHT, anchor="middle")


def _draw_frontal(pen: Pen, point: Locate, key_frame: KeyFrame, roll_deg: float) -> None:
    """The thigh's line carried on against the shank, and the thigh against the vertical."""
    side, values, colour = key_frame.side, key_frame.values, ON_VIDEO[key_frame.side]
    hip, knee, ankle = (point(f"{side}_{joint}") for joint in ("hip", "knee", "ankle"))
    if not np.isfinite([hip, knee, ankle]).all():
        return
    outward = 1.0 if hip[0] >= point("mid_hip")[0] else -1.0
    anchor: Literal["left", "right"] = "left" if outward > 0 else "right"
    if "frontal_plane_projection_deg" in values:
        extension = knee + 0.95 * np.linalg.norm(ankle - knee) * (knee - hip) / np.linalg.norm(knee - hip)
        pen.dashed(knee, extension, TEXT_ON_VIDEO)
        pen.arc(knee, extension, ankle, TEXT_ON_VIDEO, 130)
        at = (knee[0] + outward * 44 * pen.unit_px, knee[1] + 70 * pen.unit_px)
        text = still_value("frontal_plane_projection_deg", values["frontal_plane_projection_deg"])
        pen.label(text, at, colour=colour, height=_LABEL_HEIGHT, anchor=anchor)
    if "femoral_adduction_deg" in values:
        below = towards(hip, angle_deg=-roll_deg, length=0.9 * float(np.linalg.norm(knee - hip)))
        pen.dashed(hip, below, TEXT_ON_VIDEO)
        pen.arc(hip, below, knee, TEXT_ON_VIDEO, 110)
        at = (hip[0] + outward * 44 * pen.unit_px, hip[1] + 50 * pen.unit_px)
        text = still_value("femoral_adduction_deg", values["femoral_adduction_deg"])
        pen.label(text, at, colour=colour, height=_LABEL_HEIGHT, anchor=anchor)
