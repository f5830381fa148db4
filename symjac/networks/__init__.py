"""Networks: derived, evaluated, linearised, trained."""

from symjac.networks.activations import NAMED
from symjac.networks.architecture import LayerShapes, ShapeTable
from symjac.networks.linear import Linearization
from symjac.networks.losses import LOSSES
from symjac.networks.network import Network
from symjac.networks.spectrum import PrincipalFeatures, effective_rank, principal_features
from symjac.networks.training import Training

__all__ = [
    "LOSSES",
    "NAMED",
    "LayerShapes",
    "Linearization",
    "Network",
    "PrincipalFeatures",
    "ShapeTable",
    "Training",
    "effective_rank",
    "principal_features",
]
