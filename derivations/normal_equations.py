"""The normal equations, and two tables that they fit.

    L = ‖y − Φθ‖²:    ∇L = −2Φᵀ(y − Φθ) = 0  ⟺  ΦᵀΦθ = Φᵀy,    θ̂ = (ΦᵀΦ)⁻¹Φᵀy  where rank Φ = D

First 47 houses in Portland, whose price is fitted by 1, living area and bedrooms. Then Longley's 16 years of US
employment, nearly collinear, against the values that NIST certifies. Exact rationals give every digit written.
"""

from pathlib import Path

from symjac import declare
from symjac.least_squares import least_squares_from_csv, normal_equations

Phi, y, theta = declare("Phi: N x D, y: N, theta: D")
data = Path(__file__).with_name("data")
economy = ["GNPDEFL", "GNP", "UNEMP", "ARMED", "POP", "YEAR"]

derivation = (
    normal_equations(Phi),
    least_squares_from_csv(data / "portland_houses.csv", "price_usd", method="exact"),
    least_squares_from_csv(data / "longley.csv", "TOTEMP", economy, method="exact"),
)
certified = """-3482258.63459582 15.0618722713733 -0.0358191792925910 -2.02022980381683
    -1.03322686717359 -0.0511041056535807 1829.15146461355"""
by_hand = (
    {
        "gradient": -2 * Phi.T * (y - Phi * theta),
        "hessian": 2 * Phi.T * Phi,
        "normal": (Phi.T * Phi * theta, Phi.T * y),
        "solution": (Phi.T * Phi) ** -1 * Phi.T * y,
    },
    ["89597.9095428", "139.21067402", "-8738.01911233"],
    certified.split(),
)
