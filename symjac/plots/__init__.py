"""Pictures of networks, features and Jacobians; matplotlib is imported when one is drawn."""

from symjac.plots.activations import activation_distributions, activations
from symjac.plots.diagram import network_diagram
from symjac.plots.features import parameter_derivatives, principal_feature_curves, singular_values
from symjac.plots.layers import decision_surface, half_spaces, layer_cloud, linear_against_relu
from symjac.plots.structure import jacobian_structure

__all__ = [
    "activation_distributions",
    "activations",
    "decision_surface",
    "half_spaces",
    "jacobian_structure",
    "layer_cloud",
    "linear_against_relu",
    "network_diagram",
    "parameter_derivatives",
    "principal_feature_curves",
    "singular_values",
]
