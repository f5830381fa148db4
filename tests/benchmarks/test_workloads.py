"""The benchmarks' workloads at tiny sizes: what is written by hand agrees with symjac, in NumPy, bound and in numba."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from benchmarks import sides
from benchmarks.workloads import (
    LARGE,
    WORKLOADS,
    Workload,
    deep_features,
    features,
    gram_of,
    linear_of,
    regression_of,
    solution_of,
)

TINY = (
    linear_of(3),
    gram_of(3, 2, "AᵀA"),
    regression_of(6, 2),
    solution_of(6, 2),
    features(5, 2, 3),
    features(5, 2, 3, order="F"),
    deep_features(5, 2, 3),
    *(work for work in WORKLOADS if work.hand.__name__ in ("layer", "neuron")),
)


def agree(prepare: Callable[[Workload], sides.Call], work: Workload) -> None:
    expected = work.hand(**work.point())
    np.testing.assert_allclose(np.reshape(prepare(work)(), expected.shape), expected, rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize("work", TINY, ids=lambda work: work.name)
def test_symjac_agrees_with_what_is_written_by_hand(work: Workload) -> None:
    agree(sides.symjac, work)


@pytest.mark.parametrize(
    "work", [work for work in TINY if hasattr(sides.by_hand_bound, work.hand.__name__)], ids=lambda w: w.name
)
def test_bound_functions_agree(work: Workload) -> None:
    agree(sides.hand_bound, work)
    agree(sides.symjac_bound, work)


def test_loops_agree() -> None:
    pytest.importorskip("numba")
    agree(sides.numba_by_hand, TINY[1])
    agree(sides.numba_by_hand, TINY[4])


def test_every_workload_has_its_loops_and_a_name_of_its_own() -> None:
    module = pytest.importorskip("benchmarks.by_hand_numba")
    assert all(hasattr(module, work.hand.__name__) for work in (*WORKLOADS, LARGE))
    assert len({work.name for work in WORKLOADS}) == len(WORKLOADS)
