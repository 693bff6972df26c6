"""`gait validate`: what is run, what is written, how it ends."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from gait.cli.app import app
from gait.model import Progress, Track
from gait.validate import rbds_download
from gait.validate import suite as suites
from gait.validate.rows import Row
from gait.validate.suite import Case, Suite

Command = Callable[..., subprocess.CompletedProcess[str]]


def measured() -> list[Row]:
    return [Row("events", "a", "k", "cadence_spm", "both", "steps/min", 170.0, 171.0, 169.0, 173.0)]


def broken() -> list[Row]:
    raise RuntimeError("the camera fell over")


@pytest.fixture
def only(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Puts one suite of given cases in place of all."""

    def put(*cases: Case, missing: str = "") -> None:
        suite = Suite("events", "Events", "Shows.", lambda _seeds: list(cases), "Not.", lambda: missing)
        monkeypatch.setattr(suites, "SUITE_NAMES", ("events",))
        monkeypatch.setattr(suites, "load_suite", lambda _name: suite)

    return put


def validate(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["validate", *map(str, arguments)])


def test_figures_rows_and_page_are_written(only: Callable[..., None], tmp_path: Path) -> None:
    only(Case("a", "k", measured))
    result = validate("events", "--out", tmp_path / "out", "--page", tmp_path / "docs" / "accuracy.md", "--jobs", "1")
    assert result.exit_code == 0, result.output
    (suite,) = json.loads((tmp_path / "out" / "accuracy.json").read_text(encoding="utf-8"))["suites"]
    assert suite["seeds"] == "testing"
    assert suite["figures"][0]["agreement"]["bias"] == 1
    assert (tmp_path / "out" / "rows" / "events.csv").is_file()
    assert "| Cadence (steps/min) | 1 (1) | +1.00 |" in (tmp_path / "docs" / "accuracy.md").read_text(encoding="utf-8")
    assert "+1.00" in result.stdout
    assert "1 cases, 0 of them from an earlier run" in result.stderr
    again = validate("--all", "--out", tmp_path / "out", "--jobs", "1")
    assert "1 cases, 1 of them from an earlier run" in again.stderr


def test_a_case_that_breaks_is_shown_and_fails_the_command(only: Callable[..., None], tmp_path: Path) -> None:
    only(Case("a", "k", measured), Case("b", "k", broken))
    result = validate("events", "--out", tmp_path, "--jobs", "1")
    assert result.exit_code == 4
    assert "case b failed" in result.stderr
    assert "the camera fell over" in result.stderr
    (suite,) = json.loads((tmp_path / "accuracy.json").read_text(encoding="utf-8"))["suites"]
    assert suite["figures"][0]["n"] == 1
    assert suite["failures"][0][0] == "b"


@pytest.mark.parametrize(("arguments", "code"), [(("events",), 4), (("--all",), 0)], ids=["named", "all"])
def test_a_suite_without_its_data_is_skipped(
    only: Callable[..., None], tmp_path: Path, arguments: tuple[str, ...], code: int
) -> None:
    only(missing="there is no folder of recordings")
    result = validate(*arguments, "--out", tmp_path)
    assert result.exit_code == code
    assert "events is skipped: there is no folder of recordings" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "Name suites (events, angles"),
        (("--all", "events"), "Name suites (events, angles"),
        (("angels",), "There is no suite angels"),
        (("events", "--folder", "clips"), "belongs to the suites real and forceplate"),
        (("real", "forceplate", "--folder", "clips"), "name one of them"),
        (("events", "--truth", "counts.toml"), "--truth belongs to the suite real"),
        (("events", "--download"), "--download belongs to the suite forceplate"),
        (("forceplate", "--download", "--folder", "rbds"), "without --folder"),
    ],
)
def test_a_command_that_makes_no_sense(arguments: tuple[str, ...], says: str, tmp_path: Path) -> None:
    result = validate(*arguments, "--out", tmp_path)
    assert result.exit_code == 50
    assert says in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_ones_own_clips(analysis_command: Command, synthetic_runner: Callable[..., object], tmp_path: Path) -> None:
    import gait

    track: Track = synthetic_runner(cadence_spm=170).film("right", fps=60)  # type: ignore[attr-defined]
    gait.save_track(track, tmp_path / "clip.npz")
    (tmp_path / "counts.toml").write_text(
        '[[clip]]\nfile = "clip.mp4"\nkeypoints = "clip.npz"\nfps = 60\nview = "left"\n', encoding="utf-8"
    )
    where = ("--folder", tmp_path, "--truth", tmp_path / "counts.toml", "--out", tmp_path / "out")
    done = analysis_command("validate", "real", *where)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    rows = (tmp_path / "out" / "rows" / "real.csv").read_text(encoding="utf-8").splitlines()
    assert rows[1].startswith("real,00-clip,clip,view_right,both,share,1.0,0.0,")  # it is seen from the right


def test_recordings_in_a_folder_of_ones_own(tmp_path: Path) -> None:
    result = validate("forceplate", "--folder", tmp_path, "--out", tmp_path / "out")
    assert result.exit_code == 4
    assert f"{tmp_path} holds no run with its forces and static trial" in result.stderr.replace("\n", "")


def test_recordings_are_fetched_when_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is fetched, and how it is checked, is tested against a server in tests/validate/test_rbds_download.py."""

    def fetched(folder: Path | None, *, progress: Progress) -> Path:
        assert folder is None
        progress("download", 1, 1)
        return tmp_path

    monkeypatch.setattr(rbds_download, "rbds_folder", fetched)
    result = validate("forceplate", "--download", "--out", tmp_path / "out")
    assert f"{tmp_path} holds no run" in result.stderr.replace("\n", "")
