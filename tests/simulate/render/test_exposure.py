"""Exposure: what the sensor's arithmetic must do to pictures whose light is known."""

from dataclasses import replace

import numpy as np
import pytest

from gait.errors import ConfigError
from gait.simulate.render.exposure import EXPOSURES, Exposure
from gait.simulate.render.painter import to_display

HEIGHT_PX, WIDTH_PX = 60, 200
SPEED_PX_PER_S = 4000.0


def edge(time_s: float) -> np.ndarray:
    """Dark to the left, white to the right of an edge that moves to the right; half a pixel is half as bright."""
    where = WIDTH_PX / 2 + SPEED_PX_PER_S * time_s
    row = np.clip(np.arange(WIDTH_PX) + 1 - where, 0, 1).astype(np.float32)
    return np.broadcast_to(row[None, :, None], (HEIGHT_PX, WIDTH_PX, 3)).copy()


def gathered(exposure: Exposure) -> np.ndarray:
    return exposure.gathered(edge(offset_s) for offset_s in exposure.offset_s)


def edge_px(light: np.ndarray) -> np.ndarray:
    """Where the edge is in each row, from how much light the row has."""
    return WIDTH_PX - light[..., 0].sum(axis=1)


def spread_px(light: np.ndarray) -> float:
    """Width over which the middle row goes from dark to white."""
    row = light[HEIGHT_PX // 2, :, 0]
    return float(((row > 0.001) & (row < 0.999)).sum())


@pytest.mark.parametrize("shutter_s", [1 / 500, 1 / 120, 1 / 60, 1 / 33])
def test_blur_is_as_wide_as_the_way_during_the_exposure(shutter_s: float) -> None:
    exposure = Exposure(shutter_s=shutter_s)
    # The outermost sub-frames lie half of one inside of the exposure at each end.
    way_px = SPEED_PX_PER_S * shutter_s * (1 - 1 / len(exposure.offset_s))
    assert spread_px(gathered(exposure)) == pytest.approx(way_px, abs=2)  # the edge itself touches two pixels


def test_a_frame_shows_the_middle_of_its_exposure() -> None:
    for exposure in EXPOSURES.values():
        assert edge_px(gathered(exposure))[[HEIGHT_PX // 2 - 1, HEIGHT_PX // 2]].mean() == pytest.approx(100, abs=0.2)


def test_rolling_shutter_slants_what_moves() -> None:
    exposure = Exposure(shutter_s=1 / 60, readout_s=0.010)
    rows = (np.arange(HEIGHT_PX) + 0.5) / HEIGHT_PX - 0.5
    expected = 100 + SPEED_PX_PER_S * exposure.readout_s * rows
    np.testing.assert_allclose(edge_px(gathered(exposure)), expected, atol=3)  # of 40; light comes in sub-frames
    np.testing.assert_allclose(
        edge_px(gathered(exposure)), 100 + SPEED_PX_PER_S * exposure.delay_s(rows + 0.5), atol=0.1
    )
    assert np.polyfit(expected, edge_px(gathered(exposure)), 1)[0] == pytest.approx(1, abs=0.05)


def test_light_is_neither_lost_nor_made() -> None:
    for exposure in (*EXPOSURES.values(), Exposure(shutter_s=0.0, readout_s=0.03)):
        np.testing.assert_allclose(exposure.weight(np.linspace(0, 1, 45)).sum(axis=1), 1)
        even = np.full((HEIGHT_PX, WIDTH_PX, 3), 0.4, dtype=np.float32)
        np.testing.assert_allclose(exposure.gathered(even for _ in exposure.offset_s), 0.4, atol=1e-6)


def test_darkness_takes_light_away() -> None:
    light = np.full((40, 40, 3), 0.5, dtype=np.float32)
    picture = Exposure(brightness=0.3).developed(light, np.random.default_rng(0))
    assert (picture == to_display(np.float32(0.3) * light)).all()


@pytest.mark.parametrize("white_electrons", [20, 300])
def test_noise_is_that_of_so_many_electrons(white_electrons: float) -> None:
    light = np.full((200, 200, 3), 0.2140, dtype=np.float32)
    picture = Exposure(white_electrons=white_electrons).developed(light, np.random.default_rng(1))
    in_a_pixel = white_electrons * (720 / 200) ** 2  # pixels of a picture of 200 lines are so much larger
    sd_of_light = np.sqrt(0.2140 * in_a_pixel + 9) / in_a_pixel
    levels_per_light = 255 * 1.055 / 2.4 * 0.2140 ** (1 / 2.4 - 1)  # slope of the screens' curve there
    expected = np.hypot(sd_of_light * levels_per_light, 12**-0.5)  # and rounding to whole levels
    assert picture.std() == pytest.approx(expected, rel=0.03)  # 120 000 samples, 256 values of noise
    assert picture.mean() == pytest.approx(127.5, abs=1)
    again = Exposure(white_electrons=white_electrons).developed(light, np.random.default_rng(1))
    assert (picture == again).all()


def test_soft_focus_spreads_an_edge() -> None:
    exposure = Exposure(soft_focus_heights=0.05)
    picture = exposure.developed(edge(0.0), np.random.default_rng(0))
    row = picture[HEIGHT_PX // 2, :, 0].astype(float)
    light = np.where(row <= 10.3, row / 255 / 12.92, ((row / 255 + 0.055) / 1.055) ** 2.4)
    slope = np.diff(light)
    at = np.arange(len(slope)) + 1
    middle = (at * slope).sum() / slope.sum()
    sd_px = np.sqrt(((at - middle) ** 2 * slope).sum() / slope.sum())
    assert sd_px == pytest.approx(0.05 * HEIGHT_PX, rel=0.1)


def test_settings_have_ranges() -> None:
    with pytest.raises(ConfigError, match="shutter_s can't be -1"):
        Exposure(shutter_s=-1)
    assert replace(EXPOSURES["indoor"], white_electrons=None).white_electrons is None
