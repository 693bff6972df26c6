"""`gait simulate`: a clip with its truth, and one sentence where it can't be."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from gait.errors import INTERRUPTED
from gait.simulate.render.presets import PRESETS
from gait.video import read_video

TINY = ("--size", "96x64", "--seconds", "0.6", "--jobs", "1")


def test_a_clip_with_its_truth(invoke: Callable[..., Result], tmp_path: Path) -> None:
    clip = tmp_path / "clip.mp4"
    ended = invoke("simulate", "--preset", "rear-valgus", "--seed", 3, "--out", clip, "--fps", 25, *TINY)
    assert ended.exit_code == 0, ended.stderr
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["clip.mp4", "clip.truth.json"]
    assert ended.stdout == f"Clip: {clip}\nTruth: {tmp_path / 'clip.truth.json'}\n"
    video, truth = read_video(clip), json.loads((tmp_path / "clip.truth.json").read_text(encoding="utf-8"))
    assert (video.width_px, video.height_px, video.n_frames) == (96, 64, 15)
    assert (truth["name"], truth["seed"], truth["view"], truth["video"]) == ("rear-valgus", 3, "rear", "clip.mp4")
    assert float(video.fps) == pytest.approx(25, rel=0.01)


def test_list_names_every_preset(invoke: Callable[..., Result]) -> None:
    ended = invoke("simulate", "--list")
    assert ended.exit_code == 0
    assert [line.split()[0] for line in ended.stdout.splitlines()] == list(PRESETS)


@pytest.mark.parametrize(
    ("arguments", "says", "exit_code"),
    [
        (("--preset", "side-claen"), 'did you mean "side-clean"?', 50),
        (("--preset", "front", "--size", "640"), "such as 1280x720", 50),
        (("--preset", "front", "--size", "641x360"), "such as 1280x720", 50),
        (("--preset", "front", "--out", "clip.avi"), ".mp4", 51),
        (("--preset", "front", "--out", "nowhere/clip.mp4", *TINY), "nowhere", 51),
        ((), "--preset", 50),
    ],
)
def test_what_can_not_be(
    invoke: Callable[..., Result], sentence: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...], says: str, exit_code: int,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    out = () if "--out" in arguments else ("--out", "clip.mp4")
    ended = invoke("simulate", *arguments, *out)
    assert ended.exit_code == exit_code
    assert says in sentence(ended.stdout, ended.stderr)
    assert not list(tmp_path.iterdir())


def test_ctrl_c_leaves_nothing(
    invoke: Callable[..., Result], sentence: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pressed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("gait.simulate.render.clip.Studio.frames", pressed)
    ended = invoke("simulate", "--preset", "front", "--out", tmp_path / "clip.mp4", *TINY)
    assert ended.exit_code == INTERRUPTED
    assert "no clip was written" in sentence(ended.stdout, ended.stderr)
    assert not list(tmp_path.iterdir())
