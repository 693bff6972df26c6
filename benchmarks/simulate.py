"""How long a simulated hour takes: `python benchmarks/simulate.py [hours] [fps]`."""

from __future__ import annotations

import sys
import time

from gait.simulate import Camera, KeypointNoise, Runner, Sampling, film, simulate_run


def main(hours: float = 1.0, fps: float = 60.0) -> None:
    """Print the seconds, and simulated seconds per second, of the runner and of the camera with all of its noise."""
    start_s = time.perf_counter()
    run = simulate_run(Runner(), 3600 * hours)
    run_s = time.perf_counter() - start_s
    clip = film(run, Camera(), Sampling(fps), KeypointNoise.of_hard_clip())
    film_s = time.perf_counter() - start_s - run_s
    n_frames, ratio = len(clip.time_s), 3600 * hours / (run_s + film_s)
    print(f"{n_frames} frames: runner {run_s:.1f} s, camera and noise {film_s:.1f} s, {ratio:.0f} times real time")  # noqa: T201
    print(f"largest memory: {_largest_memory_mb()}")  # noqa: T201


def _largest_memory_mb() -> str:
    """Peak memory of this process, where the system tells it."""
    try:
        import resource
    except ImportError:  # Windows
        return "unknown"
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return f"{peak / (2**20 if sys.platform == 'darwin' else 2**10):.0f} MB"


if __name__ == "__main__":
    main(*(float(value) for value in sys.argv[1:]))
