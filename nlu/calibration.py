"""From margins of one-versus-rest classifiers to probabilities that mean what they say."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray


def probabilities(margins: NDArray[Any], *, sharpness: float) -> NDArray[Any]:
    """Softmax over `margins` times `sharpness`: rows that sum to 1.

    One number is all the calibration there is, so it cannot overfit the messages it is measured on.
    """
    scaled = sharpness * margins
    powers = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def best_sharpness(margins: NDArray[Any], answers: Sequence[int]) -> float:
    """The sharpness with the least log loss; `margins` must be of messages that their model has not seen."""
    # Half a second of import that only measuring needs, not serving.
    import scipy.optimize

    rows = np.arange(len(answers))

    def loss(log_sharpness: float) -> float:
        chances = probabilities(margins, sharpness=float(np.exp(log_sharpness)))
        return float(-np.log(chances[rows, list(answers)] + 1e-12).mean())

    found = scipy.optimize.minimize_scalar(loss, bounds=(-1.0, 4.0), method="bounded")
    return float(np.exp(found.x))
