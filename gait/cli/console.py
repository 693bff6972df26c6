"""What the commands share: errors as one sentence, and progress with the time that is left."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import ParamSpec, TypeVar

import typer

from gait.errors import INTERRUPTED, GaitError, MissingExtra
from gait.model import Progress, no_progress

P = ParamSpec("P")
R = TypeVar("R")

STAGES = {
    "pose": "Finding the runner",
    "report": "Drawing the report",
    "paint": "Painting the frames",
    "download": "Downloading",
}


def say_error(text: str) -> None:
    """One line on standard error."""
    typer.echo(f"gait: {text}", err=True)


def one_sentence(command: Callable[P, R]) -> Callable[P, R]:
    """Let a command end its errors with one sentence and their exit code, without a traceback."""

    @functools.wraps(command)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except GaitError as error:
            say_error(str(error))
            raise typer.Exit(error.exit_code) from None
        except ImportError as error:
            say_error(f"A library can't be loaded ({error}). {_remedy(error)}")
            raise typer.Exit(MissingExtra.exit_code) from None
        except KeyboardInterrupt:
            say_error("Interrupted; no report was written. The keypoints found so far are kept for the next run.")
            raise typer.Exit(INTERRUPTED) from None

    return wrapped


def _remedy(error: ImportError) -> str:
    """What to install."""
    if "libGL" in str(error) or "libgthread" in str(error):
        return "Install it (Debian, Ubuntu: apt-get install libgl1 libglib2.0-0), or install gait with `make install`."
    return "Install gait again, for instance with `make install`; `gait doctor` says what is there."


@contextmanager
def shown_progress() -> Iterator[Progress]:
    """A progress callback that shows a bar per stage with the time left, on standard error if that is a terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    console = Console(stderr=True)
    if not console.is_terminal:  # rich would write empty lines into log files
        yield no_progress
        return
    columns = (TextColumn("{task.description:<20}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Bars(*columns, console=console, transient=True) as bars:
        tasks = {}

        def progress(stage: str, done: int, total: int, /) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(STAGES.get(stage, stage), total=total)
            bars.update(tasks[stage], completed=done, total=total)

        yield progress
