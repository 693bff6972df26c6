"""Stride phase and folded cycle: what repair and events both stand on.

Running repeats itself, so a clip of 20 s samples the same stride some 25 times, each time at other phases. Folded on
the stride's phase these samples describe the mean stride every millisecond or two, even at 30 frames per second.

The phase comes from the whole body at once. Pose models take the legs for each other, in some clips in every second
frame; so the steps are found first, from what is the same whichever leg is called left: the size of left minus right of
every pair of keypoints, and the height of left plus right. Two steps are a stride. Complex demodulation at the steps'
frequency gives a first continuous phase, and comparison with the folded template sharpens it: of the steps, and once
the legs are told apart (`gait.clean`) of the strides.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from gait.errors import TooFewStrides, check_ranges
from gait.model import Cycle, FloatArray, Track
from gait.signals import (
    RIDGE,
    carried_on,
    evaluate_cycle,
    fit_cycle,
    fit_cycle_draws,
    harmonics,
    median_of_known,
    moving_average,
    robust_sd,
)

PHASE_JOINTS = ("knee", "ankle", "heel", "foot_index", "elbow", "wrist")
FOLDED_JOINTS = ("shoulder", "hip", "knee", "ankle", "heel", "foot_index")
GRID_SIZE = 400
MIN_STRIDES = 3.0
WINDOW_STRIDES = 20  # of the sliding windows; the next begins half of them later
# At true steps the autocorrelation of clips looked at peaks at 0.5 to 0.95; where a leg is hidden, a stride repeats
# better than a step, which then has 0.57 and more of the best peak.
_CLEAR_PEAK = 0.35
# Autocorrelation of left height less right height after a lag, less that after half of it: 0.17 at most where it was a
# step (of a dark clip whose legs nobody can tell), 0.9 and more where it was a stride.
_TURNED_ROUND = 0.3


@dataclass(frozen=True, slots=True)
class Folding:
    """Settings of the folding.

    `slowest_hz` and `fastest_hz` bound the stride frequency in file time (slow-motion files play ten times slower);
    at least `min_repeat` of the limbs' movement must repeat with the step.
    """

    n_harmonics: int = 12
    slowest_hz: float = 0.1
    fastest_hz: float = 2.2
    min_repeat: float = 0.4
    refinements: int = 3

    def __post_init__(self) -> None:
        check_ranges(
            self, n_harmonics=(1, 30), slowest_hz=(0.01, 1), fastest_hz=(1, 10), min_repeat=(0, 1), refinements=(0, 10)
        )


def steady(track: Track, point: str, *, window_s: float) -> FloatArray:
    """A keypoint (n, 2) without the slow wandering of the runner over the picture.

    The pelvis' mean over one stride is taken out (and its mean put back), so a treadmill runner who drifts and an
    overground runner who crosses the picture both run in place, and the stance foot moves back at the speed of the
    belt.
    """
    return steadied(track, track.point(point), window_s=window_s)


def steadied(track: Track, place: FloatArray, *, window_s: float) -> FloatArray:
    """The same of any place (n, 2) in the picture."""
    pelvis, time_s = track.point("mid_hip"), track.video.file_time_s
    wander = np.column_stack([moving_average(c, time_s, window_s=window_s, trend=True) for c in pelvis.T])
    return np.asarray(place - wander + median_of_known(pelvis, axis=0), dtype=np.float64)


def stride_period_s(track: Track, settings: Folding) -> tuple[float, float]:
    """Mean stride period in file time, and how well the movement repeats with the step (1: exactly, 0: not at all).

    Twice the step's, which is the first clear peak in the autocorrelation of what doesn't change when the legs are
    taken for each other. Where two steps differ so much that only the stride repeats, left and right change height in
    turn halfway through it.
    """
    if track.video.n_frames < 3:
        raise TooFewStrides(f"{track.video.path.name} has {track.video.n_frames} pictures; film 20 s or more.")
    time_s = track.video.file_time_s - track.video.file_time_s[0]
    interval_s = float(np.median(np.diff(time_s)))
    longest_s = min(1 / settings.slowest_hz, time_s[-1] / MIN_STRIDES) / 2
    lag_s = np.arange(0.5 / settings.fastest_hz, longest_s, interval_s / 16)
    if len(lag_s) < 3:
        raise TooFewStrides(
            f"the clip lasts {time_s[-1]:.1f} s, too short for {MIN_STRIDES:.0f} strides; film 20 s or more"
        )
    signals, heights = (
        _step_signals(track),
        _weighted(np.hstack([(left - right)[:, 1:] for left, right in _pairs(track)])),
    )
    repeats = _autocorrelation(signals, time_s, lag_s)
    peaks = np.flatnonzero((repeats[1:-1] >= repeats[:-2]) & (repeats[1:-1] > repeats[2:])) + 1
    if not len(peaks) or repeats[peaks].max() <= 0:
        return 2 * float(lag_s[repeats.argmax()]), 0.0
    step_s = float(lag_s[peaks[repeats[peaks] >= _CLEAR_PEAK * repeats[peaks].max()][0]])
    half, whole = _autocorrelation(heights, time_s, np.array([step_s / 2, step_s]))
    if half < 0 < whole and whole - half > _TURNED_ROUND:  # steps that differ much: this was a stride
        step_s /= 2
    return 2 * step_s, float(repeats[peaks].max())


def _autocorrelation(signals: FloatArray, time_s: FloatArray, lag_s: FloatArray) -> FloatArray:
    """Autocorrelation (l,) at any lags of all signals (n, s) together; gaps are bridged by straight lines."""
    from scipy.interpolate import CubicSpline

    even = np.arange(0, time_s[-1], float(np.median(np.diff(time_s))))
    known = [np.isfinite(column) for column in signals.T]
    resampled = np.column_stack(
        [np.interp(even, time_s[k], c[k]) if k.any() else 0 * even for k, c in zip(known, signals.T, strict=True)]
    )
    covariance = _autocovariance(resampled - resampled.mean(axis=0))
    return np.asarray(CubicSpline(even, covariance)(lag_s) / max(float(covariance[0]), 1e-12), dtype=np.float64)


def _autocovariance(signals: FloatArray) -> FloatArray:
    """Autocovariance (n,) summed over signals (n, s), each lag divided by its number of pairs."""
    n = len(signals)
    spectrum = np.fft.rfft(signals, 2 * n, axis=0)
    summed = np.fft.irfft(np.abs(spectrum) ** 2, axis=0)[:n].sum(axis=1)
    return np.asarray(summed / (n - np.arange(n)), dtype=np.float64)


def _step_signals(track: Track) -> FloatArray:
    """What repeats with every step and doesn't depend on which leg is called left (n, s), standardised.

    The size of left minus right, and the height of left plus right; not its place across, which in a view from the rear
    or front sways with the stride.
    """
    signals = []
    for left, right in _pairs(track):
        signals += [np.abs(left - right), (left + right)[:, 1:]]
    return _weighted(np.hstack(signals))


def _stride_signals(track: Track) -> FloatArray:
    """Left minus right and left plus right (n, s) of the phase joints against the pelvis, standardised."""
    pairs = _pairs(track)
    difference = np.hstack([left - right for left, right in pairs])
    total = np.hstack([left + right for left, right in pairs])
    return np.hstack([_mostly_periodic(_weighted(difference)), _mostly_periodic(_weighted(total))])


def _pairs(track: Track) -> list[tuple[FloatArray, FloatArray]]:
    """The left and right keypoint (n, 2) of each phase joint, against the pelvis."""
    pelvis = track.point("mid_hip")
    joints = [joint for joint in PHASE_JOINTS if f"left_{joint}" in track.skeleton]
    return [(track.point(f"left_{joint}") - pelvis, track.point(f"right_{joint}") - pelvis) for joint in joints]


def _weighted(signals: FloatArray) -> FloatArray:
    """Centred, gross outliers clipped, all scaled by the same amount."""
    centred = signals - median_of_known(signals, axis=0)
    spread = np.maximum(robust_sd(centred, axis=0), 1e-9)
    clipped = np.clip(centred, -3 * spread, 3 * spread)
    return np.asarray(clipped / max(float(np.nan_to_num(spread).max()), 1e-9), dtype=np.float64)


def step_phase(track: Track, settings: Folding) -> FloatArray:
    """Continuous stride phase (n,) in strides, whichever leg is called left; the strides begin at any point of theirs.

    Raises
    ------
    TooFewStrides
        Nothing in the picture moves with a period, or the clip holds fewer than three strides.
    """
    period_s, repeats = stride_period_s(track, settings)
    if repeats < settings.min_repeat:
        raise TooFewStrides(
            f"no repeated stride was found (the best period repeats {repeats:.0%} of the limbs' movement); "
            "film one runner, the whole body in the picture, for 20 s"
        )
    time_s = track.video.file_time_s - track.video.file_time_s[0]
    signals = _mostly_periodic(_step_signals(track))
    steps = 2 * time_s / period_s
    window_s = min(4 * period_s, time_s[-1] / 2)
    for _ in range(2):
        steps = steps + _phase_correction(steps, time_s, np.nan_to_num(signals), window_s=window_s)
    return np.asarray((steps - np.floor(steps[0])) / 2, dtype=np.float64)


def stride_phase(track: Track, settings: Folding) -> FloatArray:
    """Continuous stride phase (n,) of every frame in strides, of legs that have been told apart.

    Raises
    ------
    TooFewStrides
        As `step_phase`.
    """
    phase = step_phase(track, settings)
    time_s, signals = track.video.file_time_s - track.video.file_time_s[0], _stride_signals(track)
    window_s = 1.5 * time_s[-1] / (phase[-1] - phase[0])
    for _ in range(settings.refinements):
        phase = phase + _template_correction(phase, time_s, signals, window_s=window_s)
    return np.asarray(phase - np.floor(phase[0]), dtype=np.float64)


def _mostly_periodic(signals: FloatArray) -> FloatArray:
    """Only those signals that move at least a fifth as much as the strongest one."""
    power = np.nan_to_num(signals).std(axis=0)
    kept: FloatArray = signals[:, power > 0.2 * power.max()]
    return kept


def _phase_correction(phase: FloatArray, time_s: FloatArray, signals: FloatArray, *, window_s: float) -> FloatArray:
    """How far the fundamental of the signals runs ahead of a phase, by complex demodulation of all at once."""
    rotating = signals * np.exp(-2j * np.pi * phase)[:, None]
    direction = rotating.sum(axis=0)
    joint = rotating @ (np.conj(direction) / np.maximum(np.abs(direction), 1e-12) * signals.std(axis=0))
    smooth = moving_average(joint.real, time_s, window_s=window_s) + 1j * moving_average(
        joint.imag, time_s, window_s=window_s
    )
    ahead = np.asarray(np.unwrap(np.angle(smooth)) / (2 * np.pi), dtype=np.float64)
    # Without it the first and the last stride would keep the rate of the phase that came in, 10 ms off at the ends.
    inside = np.array([0.5, 1.5]) * window_s
    marks_s = np.r_[time_s[0] + inside, time_s[-1] - inside[::-1]]
    return carried_on(ahead, time_s, marks_s=marks_s, at_marks=np.interp(marks_s, time_s, ahead))


def _template_correction(phase: FloatArray, time_s: FloatArray, signals: FloatArray, *, window_s: float) -> FloatArray:
    """One Gauss-Newton step of the phase towards the folded template of all signals, over a sliding window."""
    up, down = np.zeros(len(phase)), np.zeros(len(phase))
    for signal in signals.T:
        coefficients, residual, robust = fit_cycle(phase, signal, n_harmonics=6, iterations=4)
        slope = evaluate_cycle(coefficients, phase % 1, derivative=1)
        precision = robust / max(float(robust_sd(residual)), 1e-9) ** 2
        up += precision * slope * np.nan_to_num(residual)  # where nothing is known, the precision is 0
        down += precision * slope**2
    top = moving_average(up, time_s, window_s=window_s)
    bottom = moving_average(down, time_s, window_s=window_s)
    step = top / np.maximum(bottom, 0.05 * float(np.mean(down)))
    return np.asarray(np.clip(step, -0.1, 0.1), dtype=np.float64)


def fold(track: Track, settings: Folding, phase: FloatArray | None = None) -> Cycle:
    """Stride phase and the folded mean cycle of the limbs' keypoints.

    Parameters
    ----------
    track
        Keypoints; gross errors in up to a third of the frames are tolerated.
    settings
        See `Folding`.
    phase
        Of an earlier folding of the same clip, to keep; None finds it.
    """
    phase = stride_phase(track, settings) if phase is None else phase
    time_s = track.video.file_time_s
    period_s = float((time_s[-1] - time_s[0]) / (phase[-1] - phase[0]))
    n_points, n_coefficients = len(track.skeleton.names), 1 + 2 * settings.n_harmonics
    coefficients = np.full((n_points, 2, n_coefficients), np.nan)
    residual_px = np.full((n_points, 2), np.nan)
    band = np.full((n_points, GRID_SIZE, 2), np.nan)
    grid = np.arange(GRID_SIZE) / GRID_SIZE
    for name in folded_names(track):
        point, k = steady(track, name, window_s=period_s), track.skeleton.index(name)
        for axis in range(2):
            if np.isfinite(point[:, axis]).sum() > 2 * n_coefficients:
                fitted = fit_cycle(phase, point[:, axis], n_harmonics=settings.n_harmonics)
                coefficients[k, axis], residual, robust = fitted
                residual_px[k, axis] = robust_sd(residual)
                band[k, :, axis] = _band(phase, residual, robust, grid, settings.n_harmonics)
    mean = evaluate_cycle(coefficients, grid).transpose(0, 2, 1)
    whole = np.arange(np.ceil(phase[0]), np.floor(phase[-1]) + 1)
    n_strides = int(np.floor(phase[-1]) - np.floor(phase[0])) + 1
    return Cycle(
        phase=phase,
        stride_start_s=np.interp(whole, phase, time_s),
        period_s=period_s,
        grid=grid,
        mean=mean,
        band=band,
        coefficients=coefficients,
        residual_px=residual_px,
        draws=stride_draws(n_strides),
        windows=stride_windows(n_strides),
    )


def fold_as(track: Track, cycle: Cycle, settings: Folding, *, n_draws: int = 3) -> Cycle:
    """Another track of the same clip, folded on the same phase; with few draws, for estimates without intervals."""
    return replace(fold(track, settings, phase=cycle.phase), draws=cycle.draws[:n_draws])


def stride_draws(n_strides: int, *, n_draws: int = 100, seed: int = 20) -> FloatArray:
    """How often each bootstrap draw (b, s) takes each stride, with replacement."""
    rng = np.random.default_rng(seed)
    return rng.multinomial(n_strides, np.full(n_strides, 1 / n_strides), size=n_draws).astype(np.float64)


def normal_draws(n_draws: int, *, seed: int | list[int]) -> FloatArray:
    """An error's draws beside those of the strides (1 + b,): 0 for the estimate, then of mean 0 and deviation 1."""
    draws = np.random.default_rng(seed).normal(0, 1, n_draws)
    return np.asarray(np.r_[0.0, (draws - draws.mean()) / draws.std()], dtype=np.float64)


def stride_windows(n_strides: int) -> FloatArray:
    """Which strides each sliding window takes (w, s), 20 at a time; none in clips of fewer than two windows."""
    if n_strides < 2 * WINDOW_STRIDES:
        return np.empty((0, n_strides))
    starts = np.unique(np.r_[np.arange(0, n_strides - WINDOW_STRIDES, WINDOW_STRIDES // 2), n_strides - WINDOW_STRIDES])
    away = np.arange(n_strides) - starts[:, None]
    return np.asarray((away >= 0) & (away < WINDOW_STRIDES), dtype=np.float64)


def fold_signal(cycle: Cycle, values: FloatArray, *, in_windows: bool = False) -> FloatArray:
    """Fourier series of any signal (n,) on the cycle: of all strides, then of each bootstrap draw (1 + b, 1 + 2 h).

    With `in_windows`, those of the sliding windows follow: (1 + b + w, 1 + 2 h).
    """
    n_harmonics = (cycle.coefficients.shape[2] - 1) // 2
    counts = np.vstack([cycle.draws, cycle.windows]) if in_windows else cycle.draws
    return fit_cycle_draws(cycle.phase, values, n_harmonics=n_harmonics, counts=counts)


def speed_leverage(cycle: Cycle, seen: NDArray[np.bool_], phase: float) -> FloatArray:
    """How badly folds know a point's speed at a phase: of all strides, then of each sliding window (1 + w,).

    The variance of the folded speed over that of the noise, given the frames (n,) in which the point is `seen`. It
    grows where these leave a hole in the cycle, as cadences that fit the frame rate do.
    """
    n_harmonics = (cycle.coefficients.shape[2] - 1) // 2
    basis = harmonics(cycle.phase[seen] % 1, n_harmonics)
    column = np.clip(np.floor(cycle.phase[seen]) - np.floor(cycle.phase[0]), 0, cycle.draws.shape[1] - 1).astype(int)
    at = harmonics(np.array([phase % 1]), n_harmonics, derivative=1)[0]
    penalty = np.diag(np.r_[0, np.tile(np.arange(1, n_harmonics + 1) ** 4, 2)] * RIDGE + 1e-12)
    found = []
    for taken in (np.ones(cycle.draws.shape[1]), *cycle.windows):
        inside = taken[column] > 0
        rows = basis[inside]
        found.append(float(at @ np.linalg.solve(rows.T @ rows + penalty * max(len(rows), 1), at)))
    return np.array(found)


def half_width(draws: FloatArray, n_strides: float) -> float:
    """95 % half-width of an estimate from its bootstrap draws, with Student's factor for few strides."""
    from scipy.stats import t

    known = draws[np.isfinite(draws)]
    if len(known) < 2:
        return np.nan
    freedom = max(n_strides - 1, 1)
    spread = float(known.std()) * np.sqrt(n_strides / freedom)
    return float(t.ppf(0.975, freedom) * spread)


def folded_names(track: Track) -> list[str]:
    """The keypoints of this track that are folded."""
    names = (f"{side}_{joint}" for joint in FOLDED_JOINTS for side in ("left", "right"))
    return [name for name in names if name in track.skeleton]


def _band(
    phase: FloatArray, residual: FloatArray, robust: FloatArray, grid: FloatArray, n_harmonics: int
) -> FloatArray:
    """95 % half-width (g,) of a folded curve, neighbouring frames taken as correlated as their residuals are."""
    known = np.isfinite(residual) & np.isfinite(phase)
    basis = harmonics(phase[known] % 1, n_harmonics)
    weights = robust[known]
    normal = (basis * weights[:, None]).T @ basis + 1e-6 * np.eye(basis.shape[1]) * len(basis)
    at_grid = harmonics(grid, n_harmonics)
    leverage = np.einsum("gi,ij,gj->g", at_grid, np.linalg.inv(normal), at_grid)
    kept = np.where(weights > 0, residual[known], 0.0)
    memory = float(np.clip((kept[1:] * kept[:-1]).sum() / max((kept**2).sum(), 1e-12), 0, 0.9))
    inflation = (1 + memory) / (1 - memory)
    spread = float(np.sqrt((weights * kept**2).sum() / max(weights.sum(), 1e-9)))
    return np.asarray(1.96 * spread * np.sqrt(leverage * inflation), dtype=np.float64)


def time_at_phase(cycle: Cycle, file_time_s: FloatArray, phase: FloatArray) -> FloatArray:
    """File time at which the stride phase has a value; NaN outside the clip."""
    return np.interp(phase, cycle.phase, file_time_s, left=np.nan, right=np.nan)
