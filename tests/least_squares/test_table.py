"""Tables: Longley to NIST's certified digits, houses in Portland, data frames, and messages that name the place."""

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from symjac.errors import DomainError
from symjac.least_squares import digits_kept, least_squares_from_csv, least_squares_from_table

DATA = Path(__file__).parents[2] / "derivations" / "data"
LONGLEY, HOUSES = DATA / "longley.csv", DATA / "portland_houses.csv"
FEATURES = ("GNPDEFL", "GNP", "UNEMP", "ARMED", "POP", "YEAR")

CERTIFIED = (
    *("-3482258.63459582", "15.0618722713733", "-0.035819179292591", "-2.02022980381683"),
    *("-1.03322686717359", "-0.0511041056535807", "1829.15146461355"),
)
CERTIFIED_ERRORS = (
    *("890420.383607373", "84.9149257747669", "0.0334910077722432", "0.488399681651699"),
    *("0.214274163161675", "0.226073200069370", "455.478499142212"),
)


def longley(method):
    return least_squares_from_csv(LONGLEY, "TOTEMP", FEATURES, method=method)


@pytest.mark.parametrize(("method", "least", "most"), [("exact", 16, 16), ("qr", 12, 16), ("svd", 12, 16), ("normal", 6, 10)])
def test_digits_on_longley(method, least, most):
    """κ(Φ) = 5·10⁹ and κ(ΦᵀΦ) = κ(Φ)² = 2·10¹⁹: the normal equations in floats lose what the others keep."""
    fit = longley(method)
    assert least <= digits_kept(fit.theta, CERTIFIED) <= most
    assert fit.condition == pytest.approx(4.859257e9, rel=1e-6)
    assert fit.r_squared == pytest.approx(0.995479004577296, rel=1e-12)


@pytest.mark.parametrize("method", ["exact", "qr", "svd"])
def test_standard_errors_on_longley(method):
    fit = longley(method)
    assert digits_kept(fit.standard_errors, CERTIFIED_ERRORS) >= 11
    assert digits_kept([fit.residual_deviation], ["304.854073561965"]) >= 12


def test_dependent_columns_of_longley_are_named():
    """Obs counts the years: with it and an intercept, the coefficients are no longer unique."""
    fit = least_squares_from_csv(LONGLEY, "TOTEMP")
    assert not fit.unique
    assert "intercept, Obs, YEAR are linearly dependent" in fit.note
    with pytest.raises(DomainError, match="intercept, Obs, YEAR"):
        least_squares_from_csv(LONGLEY, "TOTEMP", method="exact")


@pytest.mark.parametrize("method", ["qr", "svd", "normal", "exact"])
def test_houses(method):
    fit = least_squares_from_csv(str(HOUSES), target="price_usd", method=method)
    assert fit.names == ("intercept", "living_area_sqft", "bedrooms")
    np.testing.assert_allclose(fit.theta, [89597.9095428, 139.21067402, -8738.01911233], rtol=2e-9)
    assert fit.coefficients["bedrooms"] == fit.theta[2]


def test_features_in_their_order_and_without_intercept():
    fit = least_squares_from_csv(HOUSES, "price_usd", ["bedrooms", "living_area_sqft"], intercept=False)
    assert fit.names == ("bedrooms", "living_area_sqft")


def write(tmp_path, text):
    path = tmp_path / "table.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_decimals_stay_exact(tmp_path):
    path = write(tmp_path, "\ufeffx, y\n0.1, 0.3\n0.2, 0.6\n")
    assert least_squares_from_csv(path, "y", intercept=False, method="exact").exact == (3,)


def test_text_columns_are_left_out_unless_asked_for(tmp_path):
    path = write(tmp_path, "town,x,y\nUlm,1,2\nBonn,2,3\nKiel,4,6\n")
    assert least_squares_from_csv(path, "y").names == ("intercept", "x")
    with pytest.raises(DomainError, match="line 2, column 'town' holds 'Ulm'"):
        least_squares_from_csv(path, "y", ["town"])


@pytest.mark.parametrize(
    ("text", "target", "features", "message"),
    [
        ("", "y", None, "is empty"),
        ("x,y\n", "y", None, "no rows"),
        ("x,y\n1,2\n3\n", "y", None, "line 3 of .* has 1 cells, the header has 2"),
        ("x,y\n1,2\n2,nan\n3,4\n", "y", None, "line 3, column 'y' holds 'nan'"),
        ("x,y\n1,2\n,3\n3,4\n", "y", None, "line 3, column 'x' is empty"),
        ("x,y\n1,2\n1_0,3\n3,4\n", "y", None, "line 3, column 'x' holds '1_0'"),
        ("price,area\n1,2\n2,3\n", "prise", None, "no column 'prise'.*price"),
        ("x,y\n1,2\n2,3\n", "y", ["z"], "no column 'z'"),
        ("x,y\n1,2\n2,3\n", "y", ["x", "y"], "is the target"),
        ("x,y\n1,2\n2,3\n", "y", ["x", "x"], "named twice"),
        ("x,x\n1,2\n", "x", None, "two columns are called 'x'"),
        ("x,z,y\n1,2,3\n2,3,5\n", "y", None, "2 rows cannot determine 3 coefficients"),
    ],
)
def test_messages_name_the_place(tmp_path, text, target, features, message):
    with pytest.raises(DomainError, match=message):
        least_squares_from_csv(write(tmp_path, text), target, features)


def test_no_file(tmp_path):
    with pytest.raises(DomainError, match="cannot be read"):
        least_squares_from_csv(tmp_path / "none.csv", "y")
    with pytest.raises(DomainError, match="not both"):
        least_squares_from_csv(target="y")


class Frame:
    """As much of a data frame as is needed."""

    def __init__(self, **columns):
        self.columns = list(columns)
        self._body = np.array(list(zip(*columns.values(), strict=True)), dtype=object)

    def to_numpy(self):
        return self._body


def test_a_frame_that_is_handed_in():
    frame = Frame(x=[0, 1, 2], town=["a", "b", "c"], y=[1.0, 3.0, 5.0])
    fit = least_squares_from_csv(table=frame, target="y")
    np.testing.assert_allclose(fit.theta, [1, 2], atol=1e-12)
    assert fit.theta.tolist() == least_squares_from_table(frame, "y").theta.tolist()
    with pytest.raises(DomainError, match="row 2, column 'x' holds 'nan'"):
        least_squares_from_table(Frame(x=[0, float("nan"), 1], y=[1, 2, 3]), "y")
    with pytest.raises(DomainError, match="to_numpy"):
        least_squares_from_table([[1, 2]], "y")


if find_spec("pandas"):

    def test_a_frame_of_pandas():
        pandas = import_module("pandas")
        fit = least_squares_from_table(pandas.read_csv(HOUSES), "price_usd")
        np.testing.assert_allclose(fit.theta, [89597.9095428, 139.21067402, -8738.01911233], rtol=2e-9)
