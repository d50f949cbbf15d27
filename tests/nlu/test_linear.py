"""Linear classifiers: all labels in one call, in halves, and two alone say the same as one against the rest each."""

import numpy as np
import pytest
import scipy.sparse
from sklearn.svm import LinearSVC

from nlu.linear import fit_linear

RANDOM = np.random.default_rng(7)
PLACES = {"bins": (4, 0, 0), "road": (0, 4, 0), "water": (0, 0, 4)}


@pytest.mark.parametrize("names", [("bins", "road", "water"), ("road", "water")])
def test_each_label_is_told_from_the_rest(names: tuple[str, ...]) -> None:
    labels = [name for name in names for _ in range(40)]
    rows = scipy.sparse.csr_matrix(np.array([PLACES[name] for name in labels]) + RANDOM.normal(size=(len(labels), 3)))
    model = fit_linear(rows, labels, cost=1.0)
    margins = model.margins(rows.astype(np.float32).tocsr())
    alone = np.column_stack(
        [
            LinearSVC(random_state=0)
            .fit(rows, [1 if found == name else -1 for found in labels])
            .decision_function(rows)
            for name in names
        ]
    )
    assert model.labels == names
    assert (margins.argmax(axis=1) == alone.argmax(axis=1)).mean() > 0.97
    for number in range(len(names)):
        assert np.corrcoef(margins[:, number], alone[:, number])[0, 1] > 0.95
