"""Running cases: kept between runs, run again when something changed, failures told and never swallowed."""

import signal
from functools import partial
from pathlib import Path

import pytest

from gait.validate import run
from gait.validate.rows import Row, read_rows, write_rows
from gait.validate.run import Outcome, case_key, program_hash, run_cases
from gait.validate.suite import Case


def measured(truth: float, journal: Path | None = None) -> list[Row]:
    if journal is not None:
        with journal.open("a") as file:
            file.write(f"{truth}\n")
    return [Row("s", f"{truth}", "k", "m", "left", "deg", truth, truth + 1)]


def broken() -> list[Row]:
    raise RuntimeError("the camera fell over")


def stopped() -> list[Row]:
    raise KeyboardInterrupt


def cases(journal: Path | None = None) -> list[Case]:
    return [Case(f"case{i}", "k", partial(measured, float(i), journal)) for i in range(4)]


def test_what_is_done_does_not_run_again(tmp_path: Path) -> None:
    journal, kept = tmp_path / "journal", tmp_path / "kept"
    first = run_cases("s", cases(journal), folder=kept, jobs=1)
    second = run_cases("s", cases(journal), folder=kept, jobs=1)
    assert [outcome.rows for outcome in first] == [outcome.rows for outcome in second]
    assert [outcome.kept for outcome in second] == [True] * 4
    assert len(journal.read_text().splitlines()) == 4


def test_a_run_goes_on_after_ctrl_c(tmp_path: Path) -> None:
    journal = tmp_path / "journal"
    with pytest.raises(KeyboardInterrupt):
        run_cases("s", [*cases(journal)[:2], Case("stop", "k", stopped)], folder=tmp_path, jobs=1)
    outcomes = run_cases("s", cases(journal), folder=tmp_path, jobs=1)
    assert [outcome.kept for outcome in outcomes] == [True, True, False, False]


def test_a_changed_program_or_file_runs_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clip = tmp_path / "clip.mp4"
    clip.write_bytes(b"first")
    case = Case("case", "k", partial(measured, 1.0), (clip,))
    key = case_key("s", case)
    assert key == case_key("s", case)
    assert key.startswith("case-")
    clip.write_bytes(b"second, longer")
    changed = case_key("s", case)
    assert changed != key
    assert case_key("s", Case("case", "k", partial(measured, 2.0), (clip,))) != changed
    monkeypatch.setattr(run, "program_hash", lambda: "another program")
    assert case_key("s", case) not in (key, changed)


def test_the_programs_hash_sees_its_sources_and_not_its_pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "gait"
    names = ("cycle.py", "findings/evidence.toml", "validate/compare.py", "cli/app.py", "validate/page.py")
    for name in (*names, "validate/suites/events.py"):
        (package / name).parent.mkdir(parents=True, exist_ok=True)
        (package / name).write_text("1")
    monkeypatch.setattr(run, "PACKAGE", package)
    program_hash.cache_clear()
    before = program_hash()
    for name in names:
        (package / name).write_text("2")
        program_hash.cache_clear()
        assert (program_hash() == before) == (name in ("cli/app.py", "validate/page.py")), name
        (package / name).write_text("1")
    program_hash.cache_clear()


def test_a_failure_is_told_with_its_traceback_and_is_not_kept(tmp_path: Path) -> None:
    mixed = [cases()[0], Case("broken", "k", broken), cases()[1]]
    for _ in range(2):
        outcomes = run_cases("s", mixed, folder=tmp_path, jobs=1)
        assert [bool(outcome.error) for outcome in outcomes] == [False, True, False]
        assert "the camera fell over" in outcomes[1].error
        assert "in broken" in outcomes[1].error
        assert outcomes[1].rows == ()


def test_a_damaged_file_is_as_good_as_none(tmp_path: Path) -> None:
    run_cases("s", cases()[:1], folder=tmp_path, jobs=1)
    (kept,) = (tmp_path / "s").glob("*.json")
    kept.write_text('[{"suite": "s"')
    (outcome,) = run_cases("s", cases()[:1], folder=tmp_path, jobs=1)
    assert outcome == Outcome("case0", tuple(measured(0.0)))


def test_two_processes_give_the_same_in_the_same_order(tmp_path: Path) -> None:
    seen: list[tuple[str, int, int]] = []
    many = []
    for i in (3, 1, 2):
        write_rows(measured(float(i)), tmp_path / f"{i}.csv")
        # Workers import what they run by name, so it has to be of the package.
        many.append(Case(f"{i}", "k", partial(read_rows, tmp_path / f"{i}.csv")))
    alone = run_cases("s", many, jobs=1)
    before = signal.getsignal(signal.SIGINT)
    together = run_cases("s", many, jobs=2, progress=lambda *at: seen.append(at))
    assert together == alone
    assert [outcome.case for outcome in together] == ["3", "1", "2"]
    assert seen == [("s", done, 3) for done in range(4)]
    assert signal.getsignal(signal.SIGINT) == before


def test_names_are_unique() -> None:
    with pytest.raises(ValueError, match="same name"):
        run_cases("s", [cases()[0], cases()[0]], jobs=1)
