"""Functions given explicitly, entry by entry: partial derivatives, Jacobians, the chain rule."""

from symjac.explicit.chain import ChainRule, chain_rule
from symjac.explicit.check import Sampling
from symjac.explicit.jacobian import ExplicitDerivation, Partial, explicit_jacobian

__all__ = ["ChainRule", "ExplicitDerivation", "Partial", "Sampling", "chain_rule", "explicit_jacobian"]
