"""Keep the log lines of native code off the terminal, and Ctrl-C off its start."""

from __future__ import annotations

import os
import re
import signal
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

# What TensorFlow Lite and absl write when a graph starts: "INFO: Created TensorFlow Lite ...", "W0000 00:00:...".
_NOISE = re.compile(rb"(INFO: Created TensorFlow|WARNING: All log messages before absl|[IWE]\d{4} \d\d:\d\d:)")


@contextmanager
def quiet_stderr() -> Iterator[None]:
    """Hold back what is written to the process's error output, then pass on all lines but the known noise.

    Native code writes to file descriptor 2 itself, so replacing `sys.stderr` would not do.
    """
    try:
        kept = os.dup(2)
    except OSError:  # a program without a console has no error output
        yield
        return
    with tempfile.TemporaryFile() as held:
        _flush()
        os.dup2(held.fileno(), 2)
        try:
            yield
        finally:
            _flush()
            os.dup2(kept, 2)
            os.close(kept)
            held.seek(0)
            for line in held:
                if not _NOISE.match(line):
                    os.write(2, line)


def _flush() -> None:
    """Write out what Python still holds, so that it lands on the right side of the switch."""
    if sys.stderr is not None:
        with suppress(OSError, ValueError):  # a closed stream has nothing to write
            sys.stderr.flush()


@contextmanager
def interrupt_held() -> Iterator[None]:
    """Let Ctrl-C wait until the end.

    Native threads that are starting would go on, and write their log lines when nobody holds these back any more.
    """
    in_charge = threading.current_thread() is threading.main_thread() and signal.getsignal(signal.SIGINT) is not None
    if not in_charge:
        yield
        return
    pressed: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: pressed.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        if pressed:
            signal.raise_signal(pressed[0])
