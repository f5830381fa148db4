"""Sizes, shapes, counts and initial values; mistakes get a sentence that says what to change."""

from __future__ import annotations

import numpy as np
import pytest
import sympy

import symjac as sj
from symjac.errors import DomainError, ShapeError
from symjac.networks import Network

NET = Network([3, 5, 1])


def test_table_of_shapes() -> None:
    """Row S25: [4, 8, 4, 2]."""
    table = Network([4, 8, 4, 2]).shapes()
    assert [(row.W, row.b, row.output) for row in table] == [
        ((8, 4), (8,), (8,)),
        ((4, 8), (4,), (4,)),
        ((2, 4), (2,), (2,)),
    ]
    assert len(table) == 3
    assert table[2].layer == 3
    printed = str(table).splitlines()
    assert printed[1].split() == ["1", "(8,", "4)", "(8,)", "(8,)", "40", "32"]
    assert len({len(line) for line in printed}) == 1


@pytest.mark.parametrize(("sizes", "count"), [([784, 256, 128, 10], 235_146), ([2, 16, 16, 1], 337), ([1, 1], 2)])
def test_parameter_counts(sizes: list[int], count: int) -> None:
    """Row S27."""
    net = Network(sizes)
    assert net.n_parameters == count
    assert sum(value.size for value in net.initialize().values()) == count
    assert list(net.parameter_slices.values())[-1].stop == count


def test_multiplications_of_a_layer() -> None:
    assert Network([784, 256]).shapes()[0].multiplications == 200_704


def test_names_as_sizes() -> None:
    net = Network(["n", sympy.Symbol("width", integer=True, positive=True), 1])
    n, width = (sympy.Symbol(name, integer=True, positive=True) for name in ("n", "width"))
    assert net.n_parameters == width * n + 2 * width + 1
    assert (width, n) == net.shapes()[0].W
    assert net.parameter_slices["b1"] == slice(n * width, n * width + width)
    assert net.architecture.samples.name == "B"
    assert net.initialize(1, {"n": 3, "width": 4})["W1"].shape == (4, 3)
    F = net.feature_matrix(np.ones((2, 3)), net.initialize(1, {"n": 3, "width": 4}))
    assert F.shape == (2, 21)


def test_he_initialisation() -> None:
    p = Network([400, 300, 1]).initialize(seed=3)
    assert p["W1"].std() == pytest.approx(np.sqrt(2 / 400), rel=0.02)
    assert abs(p["W1"].mean()) < 1e-3
    assert not p["b1"].any()
    assert list(p) == ["W1", "b1", "W2", "b2"]
    np.testing.assert_array_equal(p["W1"], Network([400, 300, 1]).initialize(seed=3)["W1"])
    assert (p["W1"] != Network([400, 300, 1]).initialize(seed=4)["W1"]).all()


def test_a_network_from_its_parameters() -> None:
    net = Network.from_parameters(NET.initialize())
    assert list(net.architecture.sizes) == [3, 5, 1]
    assert repr(net) == "Network([3, 5, 1], activation='relu', output='identity')"
    assert sj.Network is Network


def mistake(**changes: object) -> dict[str, object]:
    given: dict[str, object] = {**NET.initialize(), **changes}
    return {name: value for name, value in given.items() if value is not None}


@pytest.mark.parametrize(
    ("given", "error", "words"),
    [
        (
            mistake(W2=np.ones((1, 4))),
            ShapeError,
            "layer 2: W2 is (1, 4) and takes 4 inputs, but layer 1 gives 5: W1 is (5, 3)",
        ),
        (mistake(W1=np.ones((5, 4))), ShapeError, "layer 1: W1 is (5, 4); it is to be (5, 3)"),
        (mistake(b1=np.ones(4)), ShapeError, "layer 1: b1 is (4,), but W1 is (5, 3): b1 is to be (5,)"),
        (mistake(W1=np.ones(5)), ShapeError, "layer 1: W1 is (5,); it is a matrix of (outputs, inputs)"),
        (mistake(b2=None), DomainError, "b2 is missing: the parameters of this network are W1, b1, W2, b2"),
        (mistake(W3=1), DomainError, "W3 is unknown"),
        (mistake(b1=[1, np.inf, 0, 0, 0]), DomainError, "b1 has 1 entry that is no finite number, the first at (1,)"),
        ([1, 2], DomainError, "parameters are a dictionary of arrays"),
        ({"w1": 1, "b1": 2}, DomainError, "W1, W2, b2 are missing; w1 is unknown"),
        (NET.fit(np.ones((2, 3)), [1, 2], steps=1), DomainError, "not Training: take its .parameters"),
    ],
)
def test_wrong_parameters(given: object, error: type[Exception], words: str) -> None:
    with pytest.raises(error) as caught:
        NET.forward(np.ones((2, 3)), given)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("X", "error", "words"),
    [
        (np.ones((3, 2)), ShapeError, "X is (3, 2); layer 1 takes 3 inputs, so X is to be (3,), or (B, 3)"),
        (np.ones((3, 2)), ShapeError, "perhaps X.T"),
        (np.ones((2, 4)), ShapeError, "layer 1 takes 3 inputs"),
        ([[1, 2, 3], [1, np.nan, 3]], DomainError, "X has 1 entry that is no finite number, the first at (1, 1)"),
        ([[1, 2], [3]], ShapeError, "X is no array"),
        ("abc", DomainError, "X is an array of numbers"),
    ],
)
def test_wrong_data(X: object, error: type[Exception], words: str) -> None:
    for function in (NET.forward, NET.feature_matrix, NET.linearize):
        with pytest.raises(error) as caught:
            function(X, NET.initialize())
        assert words in str(caught.value)


def test_a_batch_of_numbers_has_two_axes() -> None:
    with pytest.raises(ShapeError, match=r"X.reshape\(-1, 1\)"):
        Network([1, 2, 1]).forward([1.0, 2.0], Network([1, 2, 1]).initialize())


def test_large_data_that_overflows_in_a_sum_is_no_gap() -> None:
    assert Network([2, 1]).forward([1e308, 1e308], {"W1": [[0, 0]], "b1": [1]}) == [1.0]


@pytest.mark.parametrize(
    ("sizes", "words"),
    [
        ([3], "at least an input and an output size"),
        ("ab", "at least an input and an output size"),
        (7, "at least an input and an output size"),
        ([3, 0], "size 1 of the network"),
        ([3, -2], "size 1 of the network"),
        ([3, 2.5], "size 1 of the network is a whole number or a name, not 2.5"),
        ([True, 2], "size 0 of the network"),
        ([3, "W1"], "W1 is the name of a part of the network"),
        (["a b", 1], "is no number and no name"),
    ],
)
def test_wrong_sizes(sizes: object, words: str) -> None:
    with pytest.raises((DomainError, ShapeError)) as caught:
        Network(sizes)
    assert words in str(caught.value)


def test_wrong_seeds() -> None:
    for seed in ("a", -1, 1.5, True):
        with pytest.raises(DomainError, match=r"seed=.*: it is a whole number, 0 or more"):
            NET.initialize(seed)  # type: ignore[arg-type]


def test_sizes_in_an_array() -> None:
    assert repr(Network(np.array([3, 5, 1]))) == repr(NET)


def test_sizes_that_are_names_need_numbers_to_start() -> None:
    with pytest.raises(DomainError, match="the sizes n, m are names: give them numbers, as in sizes="):
        Network(["n", "m"]).initialize()
