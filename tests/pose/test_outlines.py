import numpy as np
import pytest

from gait.pose.outlines import paint_over, share_inside

BODY = np.array([[50, 20], [40, 60], [60, 60], [50, 120]], np.float32)  # 100 pixels tall


def test_the_outline_and_its_margin_are_painted_and_nothing_else():
    picture = np.full((200, 100, 3), 200, np.uint8)
    picture[:, 50:] = 100
    paint_over(picture, BODY)
    mean = picture[60, 50, 0]
    assert 140 < mean < 160
    assert (picture[20:120, 50] == mean).all()
    assert (picture[115:125, 50] == mean).all()  # 6 pixels beyond
    assert (picture[130:] != mean).all()
    assert (picture[:, [20, 80]] != mean).all()
    assert picture[25, 40, 0] == 200  # within the box, outside of the outline


def test_who_is_partly_outside_of_the_picture_can_be_painted():
    picture = np.full((100, 100, 3), 200, np.uint8)
    picture[::2] = 0
    paint_over(picture, BODY * np.float32([1, 3]) - np.float32([45, 1e6]))
    paint_over(picture, BODY * np.float32([1, 3]) - np.float32([45, 100]))
    assert len(np.unique(picture[:, :3])) == 1


@pytest.mark.parametrize(("shift_px", "share"), [(0, 1), (5, 1), (40, 0), (-40, 0)])
def test_share_inside(shift_px, share):
    assert share_inside(BODY + np.float32([shift_px, 0]), BODY) == share


def test_share_inside_of_somebody_half_beside():
    assert share_inside(BODY + np.float32([18, 0]), BODY) == pytest.approx(0.25)
