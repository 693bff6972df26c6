"""What is said of the clips of a session."""

from pathlib import Path

import pytest

from gait.errors import ConfigError
from gait.session import RunClip, load_session, seconds_of


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("2min", 120), ("90s", 90), ("90", 90), ("1.5 min", 90), ("1h", 3600), ("1:30", 90), ("1:02:30", 3750), ("0", 0)],
)
def test_times(text: str, seconds: float) -> None:
    assert seconds_of(text) == seconds


@pytest.mark.parametrize("text", ["", "soon", "2 hours", "-1min", "1:75", "1:2:3:4", "min"])
def test_what_is_no_time(text: str) -> None:
    with pytest.raises(ConfigError, match="is no time; write 2min"):
        seconds_of(text)


def written(folder: Path, text: str) -> Path:
    path = folder / "session.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_session_file(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        '[[clip]]\nfile = "a.mp4"\nat = "2min"\nspeed_kmh = 10.8\nincline = 1\nshoes = "old"\n'
        '[[clip]]\nfile = "/films/b.mp4"\nat = 1200\n',
    )
    first, second = load_session(path)
    assert (first.path, first.run_s, first.incline_pct, first.shoes) == (tmp_path / "a.mp4", 120.0, 1, "old")
    assert first.speed_mps == pytest.approx(3.0)
    assert second == RunClip(Path("/films/b.mp4"), 1200.0)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "holds a table [[clip]] for each clip"),
        ("[runner]\nheight = 2\n", "holds a table [[clip]] for each clip"),
        ("clip = 3\n", "holds a table [[clip]] for each clip"),
        ('[[clip]]\nat = "2min"\n', "clip 1: 'file' is missing"),
        ('[[clip]]\nfile = "a.mp4"\n', "clip 1: 'at' is missing"),
        ('[[clip]]\nfile = "a.mp4"\nat = "noon"\n', "clip 1: 'noon' is no time"),
        ('[[clip]]\nfile = "a.mp4"\nat = 1\nshoe = "x"\n', "unknown 'shoe', did you mean 'shoes'?"),
        ('[[clip]]\nfile = "a.mp4"\nat = 1\ncolour = "x"\n', "unknown 'colour', there are file, at"),
        ("[[clip]]\nfile = 3\nat = 1\n", "'file' can't be 3"),
        ('[[clip]]\nfile = "a.mp4"\nat = true\n', "'at' can't be True"),
        ('[[clip]]\nfile = "a.mp4"\nat = 1\nspeed_kmh = 900\n', "clip 1: "),
        ("[[clip]\n", "is not a TOML file"),
    ],
)
def test_what_is_no_session_file(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load_session(written(tmp_path, text))
    assert told in str(caught.value)
    assert "session.toml" in str(caught.value)


def test_missing_session_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="can't be read"):
        load_session(tmp_path / "session.toml")
