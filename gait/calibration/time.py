"""Capture rate: how much slower than filmed a file is played."""

from __future__ import annotations

import numpy as np

from gait.calibration.clock import USUAL_CADENCE_SPM, Clock
from gait.calibration.length import Known
from gait.calibration.slow_motion import SAME_FACTOR, GaitSigns, SlowMotion, played_fps, slow_motion
from gait.errors import ConfigError
from gait.model import Cycle, Quantity, Video

# Steps per minute beyond which a runner's cadence is implausible: four SD below 860 runners at 9.9 km/h (164, SD 9;
# Malisoux 2023, doi:10.1177/23259671231204629), and four SD above 28 runners at 4.5 m/s (a stride of 0.657 s, SD 0.045;
# Fukuchi 2017, doi:10.7717/peerj.3298).
SLOWEST_CADENCE_SPM, FASTEST_CADENCE_SPM = 128.0, 251.0
SURE = 0.95  # probability from which an inferred factor is used
SAY_RATE = "say how fast it was filmed"
MENTIONED = 0.05  # probability from which a factor is named where none is sure


def capture_speed(video: Video, capture_fps: float | None) -> Quantity:
    """Real seconds per second of the file, as the user or the file says: 0.125 for 240 fps played at 30.

    What the user says wins over what the file's metadata says; where neither says anything it is 1, of unknown error.

    Raises
    ------
    ConfigError
        The capture rate is no rate, or lower than the file's own by more than rounding.
    """
    if capture_fps is None and video.capture_fps is None:
        return Quantity(1.0, np.nan, "not known: nothing was said, and no stride shows it")
    rate, source = (capture_fps, "entered") if capture_fps is not None else (video.capture_fps or 0.0, "metadata")
    speed = float(video.fps) / rate if rate > 0 else 0.0
    if not 0.01 < speed <= 1.05:
        raise ConfigError(
            f"A capture rate of {rate:g} fps does not fit {video.path.name}, which plays at "
            f"{float(video.fps):.1f} fps; give the rate at which the camera filmed, for instance --capture-fps 240."
        )
    return Quantity(min(speed, 1.0), 0.0, f"capture rate of {rate:g} fps, {source}")


def usual_stride_s(cycle: Cycle, speed: Quantity) -> float:
    """Stride time in real seconds before anything is inferred: a runner's usual one where the file's can't be."""
    cadence_spm = 120 / (cycle.period_s * speed.value)
    return cycle.period_s * speed.value if cadence_spm >= SLOWEST_CADENCE_SPM else 120 / USUAL_CADENCE_SPM


def tell_time(video: Video, signs: GaitSigns, *, known: Known, runs: bool | None) -> Clock:
    """The file's clock: as entered, else as the metadata say, else as a runner's gait shows.

    Parameters
    ----------
    signs
        Cadence and free fall in the file's time.
    known
        What the user knows; an entered rate is used whatever the gait shows, and it is said where they don't fit.
    runs
        Whether this is running, as is told without a clock; None where it may be walking. A runner's gait says nothing
        about a walker's time, and a walker of 110 steps a minute looks like a runner of 220 at half the speed.
    """
    speed = capture_speed(video, known.capture_fps)
    if runs is False:
        return Clock(Quantity(speed.value, 0.0, "the file's own time stamps") if np.isnan(speed.error) else speed)
    cadence_spm = signs.cadence_spm / speed.value
    fits = SLOWEST_CADENCE_SPM <= cadence_spm <= FASTEST_CADENCE_SPM
    if known.capture_fps is not None:
        return Clock(speed, notes=() if fits else (_misfit(cadence_spm, speed) + ".",))
    # The average rate where frames were left out on purpose, as `gait check` does; else a phone dropped some.
    played = max(played_fps(video.file_time_s), float(video.fps))
    found = slow_motion(signs, played_fps=played)
    if video.capture_fps is not None:
        fits |= found.probability[0] >= SURE and abs(found.factors[0] * speed.value - 1) < SAME_FACTOR
        return Clock(speed, "" if fits else f"{_misfit(cadence_spm, speed)}: {_advice(found, video)}")
    return _inferred(signs, found, video, may_walk=runs is None)


def _misfit(cadence_spm: float, speed: Quantity) -> str:
    """That a rate which was said makes no runner's cadence."""
    slow = "slow" if cadence_spm < SLOWEST_CADENCE_SPM else "fast"
    return f"by the {speed.source}, the clip shows {cadence_spm:.1f} steps per minute, too {slow} for running"


def _inferred(signs: GaitSigns, found: SlowMotion, video: Video, *, may_walk: bool) -> Clock:
    """The clock where nobody said a rate; a cadence beyond all runners' needs free fall as a second witness."""
    factor, probability = found.factors[0], found.probability[0]
    has_witness = np.isfinite(signs.playback_speed) or signs.cadence_spm * factor >= SLOWEST_CADENCE_SPM
    if probability < SURE or not has_witness or (may_walk and factor != 1):
        unknown = Quantity(1.0, np.nan, f"not known: {_likely(found)}")
        slow = "too slow for running" if signs.cadence_spm < SLOWEST_CADENCE_SPM else "but falls too slowly for that"
        why = f"the clip shows {signs.cadence_spm:.1f} steps per minute in its own time, {slow}"
        if factor == 1:
            return Clock(
                unknown, f"{why}: slow motion or not can't be told; {SAY_RATE}, for instance --capture-fps 240"
            )
        looks = "it looks like slow motion or walking" if may_walk else "it looks like slow motion"
        return Clock(unknown, f"{why}: {looks}, {_advice(found, video)}")
    if factor == 1:
        own = Quantity(1.0, 0.0, "the file's own time stamps, which the gait fits")
        too_fast = f"The clip shows {signs.cadence_spm:.1f} steps per minute, too fast for running: it may be sped up."
        return Clock(own, notes=(too_fast,) if signs.cadence_spm > FASTEST_CADENCE_SPM else ())
    sure = _percent(probability)
    signs_named = "cadence and free fall show" if np.isfinite(signs.playback_speed) else "the cadence shows"
    note = (
        f"The clip plays {factor:.3g} times slower than real, as {signs_named} ({sure} sure): filmed at "
        f"{factor * float(video.fps):.0f} fps. All times rest on this; say --capture-fps if the camera filmed at "
        "another rate."
    )
    return Clock(
        Quantity(1 / factor, 0.0, f"inferred from the gait: {factor:.3g} times slow, {sure} sure"), "", (note,)
    )


def _advice(found: SlowMotion, video: Video) -> str:
    """The likely factors, and what to pass."""
    rates = [f"{factor * float(video.fps):.0f}" for factor in _named(found)]
    example = f"--capture-fps {' or '.join(rates)}" if rates else "for instance --capture-fps 240"
    return f"{_likely(found)}; {SAY_RATE}, {example}"


def _likely(found: SlowMotion) -> str:
    """The factors that may be, with their probabilities."""
    words = []
    for factor, probability in zip(found.factors, found.probability, strict=True):
        if factor in _named(found):
            slow = f"{factor:.3g} times" if factor > 1 else "not at all"
            words.append(f"{slow} ({_percent(probability)})")
    if found.other >= MENTIONED:
        words.append(f"{'another factor' if words else 'by no usual factor'} ({_percent(found.other)})")
    return " or ".join(words)


def _named(found: SlowMotion) -> list[float]:
    """Factors that are likely enough to be named, the likeliest first."""
    return [f for f, p in zip(found.factors, found.probability, strict=True) if p >= MENTIONED]


def _percent(probability: float) -> str:
    """A probability in whole per cent, never quite sure."""
    return "more than 99 %" if probability > 0.99 else f"{probability:.0%}".replace("%", " %")
