import numpy as np
import pytest

from gait.errors import NoPerson
from gait.pose import KeypointCache, estimate_cached
from gait.pose.tracking import CHUNK_FRAMES

NOWHERE = KeypointCache(None)
N_FRAMES = 2 * CHUNK_FRAMES + 400


def test_keypoints_are_those_of_the_estimator_started_anew_at_each_chunk(new_clip, remembering):
    clip, estimator = new_clip(N_FRAMES), remembering()
    track, from_cache = estimate_cached(clip.video, estimator, clip.frames_from, cache=NOWHERE)
    assert not from_cache
    assert clip.started_at == [0]  # one pass over the file
    expected = [
        xy
        for start in range(0, N_FRAMES, CHUNK_FRAMES)
        for xy, _ in list(estimator.estimate(clip.frames_from(start)))[:CHUNK_FRAMES]
    ]
    np.testing.assert_array_equal(track.xy, expected)
    assert (track.confidence == 1).all()
    assert track.video is clip.video


@pytest.mark.parametrize("interrupted_at", [1, CHUNK_FRAMES - 1, CHUNK_FRAMES, CHUNK_FRAMES + 700, N_FRAMES - 1])
def test_interrupted_run_goes_on_and_ends_the_same(tmp_path, new_clip, remembering, interrupted_at):
    whole, _ = estimate_cached((clip := new_clip(N_FRAMES)).video, remembering(), clip.frames_from, cache=NOWHERE)
    cache = KeypointCache(tmp_path)
    clip.interrupted_at = interrupted_at
    with pytest.raises(KeyboardInterrupt):
        estimate_cached(clip.video, remembering(), clip.frames_from, cache=cache)
    clip.interrupted_at, clip.started_at, clip.n_given = N_FRAMES, [], 0
    resumed, from_cache = estimate_cached(clip.video, remembering(), clip.frames_from, cache=cache)
    done = interrupted_at // CHUNK_FRAMES * CHUNK_FRAMES
    assert clip.started_at == [done]
    assert clip.n_given == N_FRAMES - done
    assert not from_cache
    np.testing.assert_array_equal(resumed.xy, whole.xy)
    np.testing.assert_array_equal(resumed.confidence, whole.confidence)


def test_second_run_asks_for_no_picture(tmp_path, new_clip, remembering):
    clip, cache = new_clip(N_FRAMES), KeypointCache(tmp_path)
    first, _ = estimate_cached(clip.video, remembering(), clip.frames_from, cache=cache)
    clip.started_at.clear()
    second, from_cache = estimate_cached(clip.video, remembering(), clip.frames_from, cache=cache)
    assert from_cache
    assert clip.started_at == []
    np.testing.assert_array_equal(second.xy, first.xy)


def test_lost_chunk_in_the_middle_is_made_anew(tmp_path, new_clip, remembering):
    clip, cache = new_clip(N_FRAMES), KeypointCache(tmp_path)
    first, _ = estimate_cached(clip.video, remembering(), clip.frames_from, cache=cache)
    sorted(tmp_path.rglob("*.npz"))[1].unlink()
    clip.started_at.clear()
    second, from_cache = estimate_cached(clip.video, remembering(), clip.frames_from, cache=cache)
    assert not from_cache
    assert clip.started_at == [CHUNK_FRAMES]
    np.testing.assert_array_equal(second.xy, first.xy)


def test_the_users_own_cache_is_the_default(tmp_path, new_clip, remembering, monkeypatch):
    monkeypatch.setenv("GAIT_CACHE_DIR", str(tmp_path / "mine"))
    clip = new_clip(50)
    estimate_cached(clip.video, remembering(), clip.frames_from)
    assert len(list((tmp_path / "mine").rglob("*.npz"))) == 1


def test_progress_counts_frames_to_the_end(new_clip, remembering):
    clip, calls = new_clip(CHUNK_FRAMES + 20), []
    estimate_cached(
        clip.video, remembering(), clip.frames_from, cache=NOWHERE, progress=lambda *call: calls.append(call)
    )
    counts = [done for _, done, _ in calls]
    assert counts == sorted(counts)
    assert set(counts) == set(range(CHUNK_FRAMES + 21))
    assert {(stage, total) for stage, _, total in calls} == {("pose", CHUNK_FRAMES + 20)}


@pytest.mark.parametrize(("n_seen", "is_refused"), [(0, True), (9, True), (10, False), (200, False)])
def test_no_person(tmp_path, new_clip, remembering, n_seen, is_refused):
    """Fewer than 5 % of 200 frames; from the cache as well as the first time."""
    clip, cache = new_clip(200), KeypointCache(tmp_path)
    for _ in range(2):
        if is_refused:
            with pytest.raises(NoPerson, match=rf"{n_seen} of 200 frames of run\.mp4"):
                estimate_cached(clip.video, remembering(lost_from=n_seen), clip.frames_from, cache=cache)
        else:
            track, _ = estimate_cached(clip.video, remembering(lost_from=n_seen), clip.frames_from, cache=cache)
            assert np.isnan(track.xy[n_seen:]).all()
            assert (track.confidence[n_seen:] == 0).all()
