"""Pictures of networks, features and Jacobians; matplotlib is imported when one is drawn."""

from symjac.plots.activations import activation_distributions, activations, output_curves
from symjac.plots.diagram import network_diagram, network_diagrams
from symjac.plots.features import linearization_error, parameter_derivatives, principal_feature_curves, singular_values
from symjac.plots.layers import decision_surface, decision_surfaces, half_spaces, layer_cloud, linear_against_relu
from symjac.plots.spaces import column_space
from symjac.plots.structure import jacobian_structure

__all__ = [
    "activation_distributions",
    "activations",
    "column_space",
    "decision_surface",
    "decision_surfaces",
    "half_spaces",
    "jacobian_structure",
    "layer_cloud",
    "linear_against_relu",
    "linearization_error",
    "network_diagram",
    "network_diagrams",
    "output_curves",
    "parameter_derivatives",
    "principal_feature_curves",
    "singular_values",
]
