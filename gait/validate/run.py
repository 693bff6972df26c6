"""Runs the cases of suites in worker processes, each case's rows kept on disk, so that a run can go on later."""

from __future__ import annotations

import hashlib
import importlib.metadata
import os
import pickle
import platform
import signal
import traceback
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from multiprocessing import get_context
from pathlib import Path

import gait
from gait.model import Progress, no_progress
from gait.pose.cache import replacing
from gait.validate.rows import Row, read_rows, write_rows
from gait.validate.suite import Case

PACKAGE = Path(gait.__file__).parent
# These look at results and can't change them: a new page needn't run anything again.
_ONLY_LOOK = ("cli", "report", "export", "outputs.py")
_ONLY_LOOK_IN_VALIDATE = (
    *("labels.py", "page.py", "page_plots.py", "page_rules.py", "page_tables.py", "page_text.py", "plots.py"),
    *("published.py", "published.toml", "statistics.py", "results.py", "run.py"),
)
_LIBRARIES = ("numpy", "scipy", "pandas", "mediapipe", "av")
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a case: its rows, or the traceback of its failure in `error`."""

    case: str
    rows: tuple[Row, ...]
    error: str = ""
    kept: bool = False  # from an earlier run


def run_cases(
    suite: str, cases: Sequence[Case], *, folder: Path | None = None, jobs: int = 2, progress: Progress = no_progress
) -> list[Outcome]:
    """Run the cases of one suite, in order.

    Parameters
    ----------
    suite
        Name of the suite.
    folder
        Where rows are kept; cases that lie there, made by the same program from the same inputs, don't run again.
        None keeps nothing.
    jobs
        Worker processes; with 1 the cases run in this process.
    progress
        Called as `progress(suite, done, total)`.

    A case that fails doesn't stop the others; its outcome holds the traceback. After Ctrl-C the cases that are running
    come to their end, and those that were done before are kept.
    """
    names = [case.name for case in cases]
    if len(set(names)) < len(names):
        raise ValueError(f"suite {suite}: two cases have the same name")
    places = {case.name: None if folder is None else folder / suite / f"{case_key(suite, case)}.json" for case in cases}
    outcomes: dict[str, Outcome] = {}
    for case in cases:
        kept = _kept(places[case.name])
        if kept is not None:
            outcomes[case.name] = Outcome(case.name, kept, kept=True)
    progress(suite, len(outcomes), len(cases))
    left = [case for case in cases if case.name not in outcomes]
    for outcome in _outcomes(left, jobs):
        place = places[outcome.case]
        if place is not None and not outcome.error:
            place.parent.mkdir(parents=True, exist_ok=True)
            with replacing(place) as part:
                write_rows(outcome.rows, part)
        outcomes[outcome.case] = outcome
        progress(suite, len(outcomes), len(cases))
    return [outcomes[name] for name in names]


def _kept(place: Path | None) -> tuple[Row, ...] | None:
    """Rows of an earlier run; None where there are none, or where the file is damaged."""
    if place is None or not place.is_file():
        return None
    try:
        return tuple(read_rows(place))
    except (OSError, ValueError, TypeError):
        return None


def _outcomes(cases: Sequence[Case], jobs: int) -> Iterator[Outcome]:
    """The outcomes as they come."""
    if jobs <= 1 or len(cases) <= 1:
        yield from map(_run, cases)
        return
    with _one_thread_each(), ProcessPoolExecutor(jobs, get_context("spawn"), _let_parent_stop) as workers:
        waiting: dict[Future[Outcome], str] = {workers.submit(_run, case): case.name for case in cases}
        try:
            for future in as_completed(waiting):
                failure = future.exception()  # a worker that died takes its cases with it
                yield future.result() if failure is None else Outcome(waiting[future], (), error=repr(failure))
        finally:
            workers.shutdown(wait=True, cancel_futures=True)


def _run(case: Case) -> Outcome:
    """Run one case; a failure is told, not raised, so that it can't stop the others."""
    try:
        return Outcome(case.name, tuple(case.run()))
    except Exception:  # whatever it is, it's reported with its traceback and makes the command fail
        return Outcome(case.name, (), error=traceback.format_exc())


def _let_parent_stop() -> None:
    """Ctrl-C reaches all processes of a terminal; only the parent shall act on it, and let cases end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@contextmanager
def _one_thread_each() -> Iterator[None]:
    """Workers that start inside use one thread of linear algebra each: more would only fight for the cores."""
    before = {name: os.environ.get(name) for name in _THREADS}
    os.environ.update(dict.fromkeys(_THREADS, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def case_key(suite: str, case: Case) -> str:
    """Name under which a case's rows are kept: the case's own name and a hash of all that its rows depend on."""
    digest = hashlib.sha256(f"{program_hash()} {_suite_hash(suite)} {case.condition}".encode())
    digest.update(pickle.dumps(case.run, protocol=5))
    for path in case.files:
        digest.update(f"{path.name} {_file_hash(path, path.stat().st_mtime_ns)}".encode())
    return f"{case.name}-{digest.hexdigest()[:16]}"


@cache
def program_hash() -> str:
    """Hash of the sources and data of `gait` that can change a row, of Python and of the libraries' versions.

    Other suites' files don't count: a suite stands on the rest of the package, never on another suite.
    """
    digest = hashlib.sha256(platform.python_version().encode())
    for library in _LIBRARIES:
        digest.update(f"{library} {importlib.metadata.version(library)}".encode())
    for path in sorted(PACKAGE.rglob("*")):
        parts = path.relative_to(PACKAGE).parts
        if path.suffix in (".py", ".toml") and _counts(parts):
            digest.update("/".join(parts).encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _counts(parts: tuple[str, ...]) -> bool:
    """Whether a file of the package, by its path in it, can change a row."""
    if parts[0] == "validate":
        return parts[1] != "suites" and parts[1] not in _ONLY_LOOK_IN_VALIDATE
    if parts[:2] == ("simulate", "render"):  # cases of rendered clips name the clips among their files
        return False
    return parts[0] not in _ONLY_LOOK


@cache
def _suite_hash(suite: str) -> str:
    """Hash of a suite's own file; of a suite that has none (in tests) nothing."""
    path = PACKAGE / "validate" / "suites" / f"{suite}.py"
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


@cache
def _file_hash(path: Path, _changed_ns: int) -> str:
    """Hash of a file that a case reads."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
