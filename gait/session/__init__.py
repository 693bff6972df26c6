"""Several clips of one runner in one run: early and late, from the side and from the rear. Clips -> Session."""

from gait.session.analyze import analyze_session
from gait.session.clips import RunClip, load_session, seconds_of

__all__ = ["RunClip", "analyze_session", "load_session", "seconds_of"]
