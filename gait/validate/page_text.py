"""The words of docs/accuracy.md that don't depend on results."""

from __future__ import annotations

from gait.validate.seeds import SEEDS

TITLE = """# How accurate gait is

This page is written by `gait validate --all --page docs/accuracy.md` (`make validate`); nobody edits it. It is the
baseline that later versions have to beat: it shows what is weak as well as what is good.

Three kinds of truth stand behind it, and none of them is all that one would want. **Simulated runners** have exact
truth, but their movement and the pose model's errors are made up. **A force plate** is the truth about contact and
toe-off; there are few recordings, and their keypoints come from markers. **Real clips** were counted by eye: cadence
and contacts, no angles. A comparison of angles with a motion laboratory is still missing."""

HOW_TO_READ = """## How to read the tables

- **Values (clips)**: how many values were compared, from how many clips. Values of one clip hang together, so all
  intervals on this page count clips. With the force plate, clips are draws of noise of few recordings: there these
  intervals tell of the noise, not of people.
- **Bias**: mean of what `gait` says minus the truth. **RMSE**: root mean square of that difference, bias included.
  **95 % limits**: limits of agreement, bias ± 1.96 SD; the ± is how well each limit itself is known.
- **Slope**: what `gait` adds to its value when the truth grows by one. Below 1, it makes runners more alike than they
  are. Given where the truths differ enough to tell it to ± 0.5.
- **Intervals hold the truth**: share of the 95 % intervals that do, with its own 95 % interval. It should be 95 %. Much
  less means that `gait` is too sure of itself; 100 % with wide intervals means that it is too modest.
- **±**: median half-width of these intervals.
- **Withheld**: share of the values that `gait` didn't show. **Error of the withheld**: RMSE of what it would have said:
  where that is small, too much is withheld.
- Accuracy is of the values that are shown, unless said otherwise. Files and columns: [validation.md](validation.md)."""


def seeds_text() -> str:
    """How tuning and testing are kept apart, with the numbers."""
    ranges = {name: f"{seeds[0]:,} to {seeds[-1]:,}" for name, seeds in SEEDS.items()}
    return (
        "## Tuning and testing\n\n"
        "Every simulated runner, camera and noise comes from a seed. Whoever chooses a threshold or a setting looks at "
        f"the seeds for tuning alone ({ranges['tuning']}; `--seeds tuning`). This page is made from those for testing "
        f"({ranges['testing']}), on which nothing may be tuned. The regression gate of `make test` has its own "
        f"({ranges['gate']}). `gait/validate/seeds.py` is the one place where this is written. The force plate's two "
        "runs and the real clips are too few to be divided: the event rules were found on the same force plate, so "
        "their figures there flatter them."
    )
