"""Commands in this process, and a look at what they left behind."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from gait.cli.app import app


@pytest.fixture
def invoke() -> Callable[..., Result]:
    """Runs a command in this process: `invoke("analyze", clip)`."""
    return lambda *arguments: CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture
def sentence() -> Callable[[str, str], str]:
    """The one sentence (or two) with which a command ended, its form checked."""

    def check(stdout: str, stderr: str) -> str:
        assert stdout == ""
        assert stderr.startswith("gait: ")
        assert stderr.endswith((".\n", "?\n"))
        assert stderr.count("\n") == 1
        assert "Traceback" not in stderr
        assert len(stderr) < 300
        return stderr

    return check


def listing(folder: Path) -> dict[str, bytes | None]:
    """All that lies in a folder, hidden things too, with contents."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else None for path in folder.rglob("*")
    }


@pytest.fixture
def unchanged() -> Callable[[Path], AbstractContextManager[None]]:
    """A folder that has to be to the byte what it was before."""

    @contextmanager
    def watch(folder: Path) -> Iterator[None]:
        before = listing(folder)
        yield
        assert listing(folder) == before

    return watch
