"""What can be wrong with a clip or a folder: one sentence each, its own exit code, and nothing left behind."""

import wave
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gait.errors import INTERRUPTED, OutputError

SIDE = Path(__file__).parents[2] / "sample_videos" / "side.mp4"
# Scripts tell the causes apart by these numbers: they are a promise, so they stand here and not by name.
EXIT_CODES = {
    "missing": 21,
    "empty": 22,
    "text": 23,
    "sound": 24,
    "truncated": 26,
    "recording cut off": 26,
    "three frames": 27,
    "nobody": 31,
}
IN_A_PROCESS_OF_ITS_OWN = ("text", "truncated", "nobody")  # where native code would write to the terminal
CANNOT_WRITE = 51


@pytest.fixture
def bad_clip(tmp_path: Path, clip_file: Any) -> Callable[[str], Path]:
    """A clip of each kind that can't be analysed, alone in its folder."""
    folder = tmp_path / "clips"
    folder.mkdir()

    def make(kind: str) -> Path:
        path = folder / "run.mp4"
        match kind:
            case "empty":
                path.touch()
            case "text":
                path.write_text("Ran ten kilometres today.\n" * 50)
            case "sound":
                path = path.with_suffix(".wav")
                with wave.open(str(path), "wb") as file:
                    file.setnchannels(1)
                    file.setsampwidth(2)
                    file.setframerate(8000)
                    file.writeframes(bytes(16000))
            case "truncated":
                whole = SIDE.read_bytes()
                path.write_bytes(whole[: len(whole) // 2])
            case "recording cut off":
                whole = clip_file(tmp_path / "whole.mp4").read_bytes()
                path.write_bytes(whole[: whole.index(b"moov") // 2])
            case "three frames":
                clip_file(path, n_frames=3)
            case "nobody":
                clip_file(path)
        return path

    return make


@pytest.mark.parametrize("kind", EXIT_CODES)
def test_bad_clip(
    kind: str, bad_clip: Any, tmp_path: Path, invoke: Any, analysis_command: Any, sentence: Any, unchanged: Any
) -> None:
    clip = bad_clip(kind)
    with unchanged(tmp_path):  # the report would stand beside the clip
        if kind in IN_A_PROCESS_OF_ITS_OWN:
            ended = analysis_command("analyze", clip)
            code = ended.returncode
        else:
            ended = invoke("analyze", clip)
            code = ended.exit_code
    assert clip.name in sentence(ended.stdout, ended.stderr)
    assert code == EXIT_CODES[kind]


@pytest.mark.parametrize("kind", [kind for kind in EXIT_CODES if kind != "nobody"])
def test_check_says_the_same(kind: str, bad_clip: Any, invoke: Any, sentence: Any) -> None:
    clip = bad_clip(kind)
    ended = invoke("check", clip)
    assert clip.name in sentence(ended.stdout, ended.stderr)
    assert ended.exit_code == EXIT_CODES[kind]


def test_every_cause_has_its_own_exit_code() -> None:
    causes = {kind: code for kind, code in EXIT_CODES.items() if kind != "recording cut off"}  # truncated as well
    codes = [*causes.values(), CANNOT_WRITE, INTERRUPTED]
    assert len(set(codes)) == len(codes)
    assert not {0, 1, 2} & set(codes)  # success, a bug, and a wrong use of the command line


@pytest.fixture
def never_analysed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that can't be written is told before the long stages."""

    def refuse(*_args: object, **_kwargs: object) -> None:
        raise AssertionError("the clip was analysed first")

    monkeypatch.setattr("gait.pipeline.analyze", refuse)


@pytest.mark.parametrize("out", ["notes.txt", "notes.txt/report", "notes.txt/a/b"])
@pytest.mark.usefixtures("never_analysed")
def test_file_in_the_way_of_the_folder(out: str, tmp_path: Path, invoke: Any, sentence: Any, unchanged: Any) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with unchanged(tmp_path):
        ended = invoke("analyze", SIDE, "--out", tmp_path / out)
    said = sentence(ended.stdout, ended.stderr)
    assert "notes.txt is a file, not a folder" in said
    assert "--out" in said
    assert ended.exit_code == CANNOT_WRITE == OutputError.exit_code


@pytest.mark.parametrize("number", [13, 30], ids=["no permission", "read-only file system"])
@pytest.mark.usefixtures("never_analysed")
def test_folder_that_cannot_be_written(
    number: int, tmp_path: Path, invoke: Any, sentence: Any, unchanged: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: object, **_kwargs: object) -> None:
        raise OSError(number, "not here")

    monkeypatch.setattr("tempfile.mkdtemp", refuse)  # permission bits don't stop root
    with unchanged(tmp_path):
        ended = invoke("analyze", SIDE, "--out", tmp_path / "report")
    said = sentence(ended.stdout, ended.stderr)
    assert "report can't be written" in said
    assert "not here" in said
    assert ended.exit_code == CANNOT_WRITE


@pytest.mark.usefixtures("never_analysed")
def test_folder_name_that_no_file_system_takes(tmp_path: Path, invoke: Any, sentence: Any) -> None:
    ended = invoke("analyze", SIDE, "--out", tmp_path / ("x" * 100) / ("y" * 5000))
    assert ended.exit_code == CANNOT_WRITE
    assert ended.stderr.startswith("gait: The report can't be written to ")
    assert ended.stdout == ""


@pytest.mark.usefixtures("never_analysed")
def test_folder_inside_of_one_that_may_not_be_entered(
    tmp_path: Path, invoke: Any, sentence: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: object, **_kwargs: object) -> bool:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "exists", refuse)
        ended = invoke("analyze", SIDE, "--out", tmp_path / "secret" / "report")
    assert "Permission denied" in sentence(ended.stdout, ended.stderr)
    assert ended.exit_code == CANNOT_WRITE


def test_one_bad_clip_of_several_does_not_keep_the_others_from_being_analysed(
    bad_clip: Any, analysis_two_seconds: Path, tmp_path: Path, invoke: Any
) -> None:
    bad, missing = bad_clip("text"), tmp_path / "none.mp4"
    out = tmp_path / "reports"
    ended = invoke("analyze", missing, bad, analysis_two_seconds, "--out", out, "--no-video")
    assert ended.exit_code == EXIT_CODES["missing"]  # the first fault
    first, second = ended.stderr.splitlines()
    assert first.startswith("gait: none.mp4: ")
    assert second.startswith("gait: run.mp4: ")
    assert [path.name for path in out.iterdir()] == ["two_seconds"]
    assert (out / "two_seconds" / "report.html").is_file()


def test_clips_of_one_name_would_share_a_folder(tmp_path: Path, invoke: Any, sentence: Any, unchanged: Any) -> None:
    clips = [tmp_path / day / "run.mp4" for day in ("monday", "tuesday")]
    with unchanged(tmp_path):
        ended = invoke("analyze", *clips, "--out", tmp_path / "reports")
    assert "same name" in sentence(ended.stdout, ended.stderr)
    assert ended.exit_code == 50


def test_clip_that_the_report_would_replace(
    analysis_two_seconds: Path, tmp_path: Path, invoke: Any, sentence: Any, unchanged: Any
) -> None:
    clip = tmp_path / "annotated.mp4"
    clip.write_bytes(analysis_two_seconds.read_bytes())
    with unchanged(tmp_path):
        ended = invoke("analyze", clip, "--out", tmp_path)
    assert "would replace the clip" in sentence(ended.stdout, ended.stderr)
    assert ended.exit_code == CANNOT_WRITE
