import os
import signal
import sys
import threading

import pytest

from gait.pose.quiet import interrupt_held, quiet_stderr


def test_noise_is_dropped_and_all_else_passed_on_in_order(capfd):
    with quiet_stderr():
        os.write(2, b"INFO: Created TensorFlow Lite XNNPACK delegate for CPU.\n")
        sys.stderr.write("the user's own line\n")
        sys.stderr.flush()
        os.write(2, b"WARNING: All log messages before absl::InitializeLog() is called are written to STDERR\n")
        os.write(2, b"W0000 00:00:1795362056.152984   15601 inference_feedback_manager.cc:114] Feedback\n")
        os.write(2, b"no newline at the end")
    assert capfd.readouterr().err == "the user's own line\nno newline at the end"
    os.write(2, b"after\n")
    assert capfd.readouterr().err == "after\n"


def test_an_error_passes_with_what_was_written_before_it(capfd):
    @quiet_stderr()
    def goes_wrong():
        os.write(2, b"what went wrong\n")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        goes_wrong()
    assert capfd.readouterr().err == "what went wrong\n"


def test_program_without_error_output(monkeypatch):
    def closed(_descriptor):
        raise OSError(9, "Bad file descriptor")

    monkeypatch.setattr(os, "dup", closed)
    with quiet_stderr():
        value = 1
    assert value == 1


@pytest.fixture
def python_handles_interrupts():
    """As in a terminal; jobs in the background are started with Ctrl-C ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("python_handles_interrupts")
def test_an_interrupt_waits_until_the_end():
    before = signal.getsignal(signal.SIGINT)
    done = []

    @interrupt_held()
    def starts():
        signal.raise_signal(signal.SIGINT)
        done.append("started")

    with pytest.raises(KeyboardInterrupt):
        starts()
    assert done == ["started"]
    assert signal.getsignal(signal.SIGINT) is before


def test_without_an_interrupt_nothing_is_raised_and_other_threads_may_start_models_too():
    before, done = signal.getsignal(signal.SIGINT), []

    @interrupt_held()
    def starts():
        done.append(threading.current_thread().name)

    starts()
    other = threading.Thread(target=starts, name="other")
    other.start()
    other.join()
    assert done == ["MainThread", "other"]
    assert signal.getsignal(signal.SIGINT) is before
