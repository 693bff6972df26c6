"""A simulated run of twelve minutes, filmed as three clips by a camera that stands still."""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

import gait
from gait.config import Config
from gait.model import Analysis, Session, SessionClip, Track
from gait.session.analyze import session_of
from gait.simulate.camera import Camera
from gait.simulate.film import film
from gait.simulate.keypoint_noise import KeypointNoise
from gait.simulate.run import simulate_run
from gait.simulate.runner import Runner
from gait.simulate.sampling import Sampling
from gait.simulate.variation import Change, Variation

AT_S, CLIP_S, RUN_S = (30.0, 380.0, 730.0), 25.0, 760.0
CADENCE = (Change("cadence_spm", -12.0, from_s=30.0, to_s=750.0),)


@lru_cache(maxsize=4)
def clips_of(view: Any, changes: tuple[Change, ...] = ()) -> tuple[Track, ...]:
    run = simulate_run(Runner(), RUN_S, changes=changes, variation=Variation(alpha=0.75), seed=5)
    noise, camera = KeypointNoise(jitter_leg_lengths=0.006), Camera.from_view(view)
    return tuple(
        film(run, camera, Sampling(fps=30), noise, start_s=at_s, duration_s=CLIP_S, seed=int(at_s)).track
        for at_s in AT_S
    )


@lru_cache(maxsize=4)
def analysed(view: str, changes: tuple[Change, ...] = ()) -> tuple[Analysis, ...]:
    return tuple(gait.analyze_track(clip) for clip in clips_of(view, changes))


def session(analyses: Sequence[Analysis], **said: Any) -> Session:
    clips = [SessionClip(analysis, at_s) for analysis, at_s in zip(analyses, AT_S, strict=True)]
    for name, values in said.items():
        clips = [replace(clip, **{name: value}) for clip, value in zip(clips, values, strict=True)]
    return session_of(clips, Config())
