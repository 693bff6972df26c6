"""From the command line to the settings: the file, then --set, then the options of their own."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gait.config import Config
from gait.errors import GaitError

Settings = Callable[..., Config]


@pytest.fixture
def settings(invoke: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Settings:
    """The settings with which a command line would analyse a clip."""
    seen: list[Config] = []

    def stop(_clip: Path, config: Config, **_kwargs: object) -> None:
        seen.append(config)
        raise GaitError("That is all.")

    monkeypatch.setattr("gait.pipeline.analyze", stop)

    def run(*arguments: str | Path) -> Config:
        ended = invoke("analyze", tmp_path / "run.mp4", *arguments)
        assert (ended.exit_code, ended.stderr) == (GaitError.exit_code, "gait: That is all.\n")
        return seen.pop()

    return run


@pytest.fixture
def refused(invoke: Any, monkeypatch: pytest.MonkeyPatch, sentence: Any, tmp_path: Path) -> Callable[..., str]:
    """The sentence with which a command line is refused before anything is analysed."""

    def never(*_args: object, **_kwargs: object) -> None:
        raise AssertionError("the clip was analysed all the same")

    monkeypatch.setattr("gait.pipeline.analyze", never)

    def run(*arguments: str | Path) -> str:
        ended = invoke("analyze", tmp_path / "run.mp4", *arguments)
        assert ended.exit_code == 50
        said: str = sentence(ended.stdout, ended.stderr)
        return said

    return run


def test_nothing_said_are_the_defaults(settings: Settings) -> None:
    assert settings() == Config()


def test_every_option_arrives(settings: Settings) -> None:
    config = settings(
        "--view", "rear", "--speed-kmh", "10.8", "--incline", "1.5", "--height-cm", "168", "--mass-kg", "61",
        "--capture-fps", "240", "--no-video", "--show-face",
    )  # fmt: skip
    assert config.scene.view == "rear"
    assert config.calibration.speed_mps == pytest.approx(3.0)
    assert config.calibration.incline_pct == 1.5
    assert config.calibration.height_m == pytest.approx(1.68)
    assert config.calibration.capture_fps == 240
    assert config.calibration.mass_kg == 61
    assert (config.output.video, config.output.show_face) == (False, True)


@pytest.mark.parametrize(
    ("pace", "speed_mps"),
    [("5:30", 1000 / 330), ("4", 1000 / 240), ("6:00/km", 1000 / 360), ("6:05 min/km", 1000 / 365)],
)
def test_pace(settings: Settings, pace: str, speed_mps: float) -> None:
    assert settings("--pace", pace).calibration.speed_mps == pytest.approx(speed_mps)


def test_set_goes_over_the_file_and_options_over_both(settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(
        '[scene]\nview = "left"\nroll_error_deg = 1\n[calibration]\nspeed_mps = 2.5\nincline_pct = 2\nheight_m = 1.9\n'
        "[output]\nvideo = false\n",
        encoding="utf-8",
    )
    assert settings("--config", file).calibration.incline_pct == 2
    config = settings(
        "--config", file, "--set", "calibration.incline_pct=3", "--set", "calibration.speed_mps=2.7",
        "--set", "scene.view=right", "--speed-kmh", "10.8", "--view", "rear",
    )  # fmt: skip
    assert config.scene.roll_error_deg == 1  # only in the file
    assert config.calibration.height_m == 1.9
    assert config.output.video is False
    assert config.calibration.incline_pct == 3  # --set over the file
    assert config.calibration.speed_mps == pytest.approx(3.0)  # option over both
    assert config.scene.view == "rear"


def test_the_later_of_two_assignments_holds(settings: Settings) -> None:
    config = settings("--set", "metrics.min_strides=6", "--set", "metrics.min_strides=7")
    assert config.metrics.min_strides == 7


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--speed-kmh", "10", "--pace", "5:30"], "either --speed-kmh or --pace"),
        (["--speed-kmh", "100"], "--speed-kmh must lie within 2 and 45"),
        (["--speed-kmh", "nan"], "--speed-kmh must lie within"),
        (["--pace", "fast"], "for instance 5:30"),
        (["--pace", "5:60"], "for instance 5:30"),
        (["--pace", "0:00"], "--pace must lie within"),
        (["--height-cm", "1.68"], "--height-cm must lie within 100 and 250"),
        (["--mass-kg", "610"], "--mass-kg must lie within 20 and 250"),
        (["--capture-fps", "0"], "--capture-fps must lie within"),
        (["--incline", "inf"], "--incline must lie within"),
        (["--set", "clean.max_gap_s"], "write room.key=value"),
        (["--config", "none.toml"], "none.toml can't be read"),
    ],
)
def test_refused_options(refused: Callable[..., str], arguments: list[str], said: str) -> None:
    assert said in refused(*arguments)


def test_all_wrong_assignments_are_told_at_once(refused: Callable[..., str]) -> None:
    said = refused("--set", "scene.veiw=left", "--set", "metrics.min_strides=many", "--set", "scnee.view=left")
    assert "did you mean 'view'" in said
    assert "'metrics.min_strides' can't be 'many'" in said
    assert "did you mean 'scene'" in said


def test_unknown_view_is_a_wrong_use(invoke: Any) -> None:
    ended = invoke("analyze", "run.mp4", "--view", "above")
    assert ended.exit_code == 2
    assert "above" in ended.stderr


def test_the_standing_clip_arrives(invoke: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    seen = []

    def stop(_clip: Path, _config: Config, *, standing: Path | None, **_kwargs: object) -> None:
        seen.append(standing)
        raise GaitError("That is all.")

    monkeypatch.setattr("gait.pipeline.analyze", stop)
    invoke("analyze", tmp_path / "run.mp4", "--standing", tmp_path / "still.mp4")
    invoke("analyze", tmp_path / "run.mp4")
    assert seen == [tmp_path / "still.mp4", None]


def test_standing_does_not_go_with_keypoints(invoke: Any, sentence: Any, tmp_path: Path) -> None:
    ended = invoke("analyze", "--keypoints", tmp_path / "run.json", "--standing", tmp_path / "still.mp4")
    assert ended.exit_code == 50
    assert "--standing goes with clips" in sentence(ended.stdout, ended.stderr)
