from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from types import ModuleType

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from gait.model import Analysis, Events, Video
from gait.report import Overlay, draw_frame
from gait.report.palette import FAR_ON_VIDEO, ON_VIDEO

CONTACT_FRAME = 49  # 0.817 s: left contact at 0.814 s


def grey(analysis: Analysis) -> NDArray[np.uint8]:
    return np.full((analysis.video.height_px, analysis.video.width_px, 3), 128, np.uint8)


def is_colour(picture: NDArray[np.uint8], colour: tuple[int, int, int]) -> NDArray[np.bool_]:
    return (np.abs(picture.astype(int) - colour) <= 6).all(axis=2)


def middle(analysis: Analysis, frame: int, first: str, second: str) -> tuple[int, int]:
    names = analysis.track.skeleton.names
    x, y = analysis.track.xy[frame, [names.index(first), names.index(second)]].mean(axis=0)
    return round(float(x)), round(float(y))


def fine_detail(picture: NDArray[np.uint8]) -> float:
    return float(cv2.Laplacian(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), cv2.CV_64F).var())


def head_of(analysis: Analysis, frame: int, picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The head as the fake paints it: within 36 pixels of the middle of the face points."""
    x, y = analysis.track.xy[frame, :7].mean(axis=0)
    return picture[int(y) - 36 : int(y) + 37, int(x) - 36 : int(x) + 37]


def test_the_picture_handed_in_stays_as_it_was(fakes: ModuleType) -> None:
    analysis = fakes.side_view()
    picture = grey(analysis)
    drawn = draw_frame(picture, Overlay(analysis), 60)
    assert (picture == 128).all()
    assert drawn.shape == picture.shape
    assert drawn.dtype == np.uint8


def test_legs_have_their_colours_and_the_far_one_is_thinner(fakes: ModuleType) -> None:
    analysis = fakes.side_view()
    drawn = draw_frame(grey(analysis), Overlay(analysis), 60)
    widths = {}
    for side, colour in (("left", ON_VIDEO["left"]), ("right", FAR_ON_VIDEO["right"])):
        x, y = middle(analysis, 60, f"{side}_knee", f"{side}_ankle")
        patch = is_colour(drawn[y - 1 : y + 2, x - 12 : x + 13], colour)
        assert patch.any()
        widths[side] = patch.sum()
    assert widths["left"] > widths["right"]


@pytest.mark.parametrize("loss", ["missing", "unsure"])
def test_points_that_are_not_known_are_not_drawn(fakes: ModuleType, loss: str) -> None:
    analysis = fakes.rear_view()
    k = analysis.track.skeleton.index("left_knee")
    xy, confidence = analysis.track.xy.copy(), analysis.track.confidence.copy()
    if loss == "missing":
        xy[:, k] = np.nan
    else:
        confidence[:, k] = 0.1
    x, y = middle(analysis, 60, "left_hip", "left_knee")
    patch = np.s_[y - 3 : y + 4, x - 3 : x + 4]
    assert (draw_frame(grey(analysis), Overlay(analysis), 60)[patch] != 128).any()
    less = replace(analysis, track=replace(analysis.track, xy=xy, confidence=confidence))
    assert (draw_frame(grey(less), Overlay(less), 60)[patch] == 128).all()


@pytest.mark.parametrize("name", ["side_view", "rear_view"])
def test_head_loses_its_detail_unless_it_may_be_shown(fakes: ModuleType, name: str) -> None:
    analysis = fakes.ANALYSES[name]()
    picture = fakes.picture(analysis, 60)
    before = fine_detail(head_of(analysis, 60, picture))
    blurred = fine_detail(head_of(analysis, 60, draw_frame(picture, Overlay(analysis), 60)))
    shown = fine_detail(head_of(analysis, 60, draw_frame(picture, Overlay(analysis, show_face=True), 60)))
    assert blurred < 0.001 * before
    assert shown == pytest.approx(before, rel=0.01)


@pytest.mark.parametrize("loss", ["all frames", "this frame", "thrown away in this frame"])
def test_head_is_blurred_without_face_points(fakes: ModuleType, loss: str) -> None:
    analysis = fakes.side_view()
    picture = fakes.picture(analysis, 60)
    xy = analysis.track.xy.copy()
    if loss == "all frames":
        xy[:, :7] = np.nan
    elif loss == "this frame":
        xy[60, :7] = np.nan
    else:
        xy[60, :7] += 400
    track = analysis.track.with_xy(xy)
    drawn = draw_frame(picture, Overlay(replace(analysis, track=track, raw_track=track)), 60)
    assert fine_detail(head_of(analysis, 60, drawn)) < 0.02 * fine_detail(head_of(analysis, 60, picture))


def test_event_lights_up_at_its_foot_and_goes_out(fakes: ModuleType) -> None:
    analysis = fakes.side_view()
    mine = analysis.events.select("initial_contact", "left")
    times_s = analysis.events.time_s[mine]
    n = len(times_s)
    contacts = Events(times_s, times_s, ("initial_contact",) * n, ("left",) * n, np.full(n, 0.006), ("",) * n)
    analysis = replace(analysis, events=contacts)
    overlay, dark = Overlay(analysis), Overlay(analysis)
    dark.flash_s = 0.0

    def lit(frame: int) -> int:
        changed = (draw_frame(grey(analysis), overlay, frame) != draw_frame(grey(analysis), dark, frame)).any(axis=2)
        x, y = analysis.track.xy[frame, analysis.track.skeleton.index("left_heel")].astype(int)
        return int(changed[y - 40 : y + 41, x - 40 : x + 41].sum())

    assert lit(CONTACT_FRAME) > 100
    assert lit(CONTACT_FRAME - 1) == 0
    assert lit(CONTACT_FRAME + 12) == 0


def test_phase_bar_shows_stance_and_where_the_frame_is(fakes: ModuleType) -> None:
    analysis = fakes.side_view()
    overlay = Overlay(analysis)
    early, late = (draw_frame(grey(analysis), overlay, frame) for frame in (CONTACT_FRAME + 4, CONTACT_FRAME + 38))
    bar = np.s_[682:686, 140:1260]
    # Stance fills 36 % of the stride; the cursor covers some pixels of it.
    assert is_colour(early[bar], ON_VIDEO["left"]).mean() == pytest.approx(0.36, abs=0.02)
    cursors = [np.flatnonzero(is_colour(p[706:711], (255, 255, 255)).any(axis=0)).mean() for p in (early, late)]
    stride_px = 0.714 * 60 / 34  # strides between the two frames, upside down
    assert (cursors[1] - cursors[0]) * stride_px == pytest.approx(1131, abs=15)


def test_angles_that_are_withheld_are_not_written(fakes: ModuleType) -> None:
    overlay = Overlay(fakes.side_view())
    shown = {(readout.label, readout.side) for readout in overlay.readouts}
    assert ("shank angle", "left") in shown
    assert ("shank angle", "right") not in shown
    assert ("trunk lean", "both") in shown


@pytest.mark.parametrize(("width", "height"), [(360, 640), (202, 360), (3840, 2160)])
def test_sizes_follow_the_picture(fakes: ModuleType, width: int, height: int) -> None:
    analysis = fakes.side_view()
    scale = height / 720
    old = analysis.video
    video = Video(Path("x.mp4"), width, height, old.n_frames, Fraction(60), old.file_time_s)
    xy = (analysis.track.xy - np.array([640, 0])) * scale + np.array([width / 2, 0])
    track = replace(analysis.track, xy=xy, video=video)
    sized = replace(analysis, video=video, track=track, raw_track=track)
    drawn = draw_frame(grey(sized), Overlay(sized), CONTACT_FRAME)
    x, y = middle(sized, CONTACT_FRAME, "left_hip", "left_knee")
    reach = max(3, round(14 * scale))
    row = drawn[y, x - reach : x + reach + 1].astype(int)
    bone_px = (row[:, 2] - row[:, 0] > 60).sum()  # blue; thin lines are mixed with their outline
    # A bone of 3.6 units at a slant of up to 30 degrees.
    unit_px = min(width, height) / 720
    assert max(1, 2.4 * unit_px) <= bone_px <= max(4, 5.5 * unit_px)


def test_an_empty_analysis_leaves_the_picture_clean(fakes: ModuleType) -> None:
    analysis = fakes.nothing_found()
    assert (draw_frame(grey(analysis), Overlay(analysis), 5) == 128).all()
