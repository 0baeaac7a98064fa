"""Results as pandas DataFrames."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas

from . import _core
from ._estimate import Estimate, Estimates

_LOG_NORM2 = ("log_norm2_mean", "log_norm2_variance")
# What has a row for each layer, and what has one row.
_COLUMNS: dict[type, tuple[str | None, tuple[str, ...]]] = {
    _core.Ensemble: ("layer", ("hypoactivation", "active_fraction", *_LOG_NORM2)),
    _core.Gradients: ("layer", (*_LOG_NORM2, "log_weight2_mean", "log_weight2_variance")),
    _core.TangentKernel: ("layer", ("share",)),
    _core.Moments: (None, ("count", "mean", "variance", "excess_kurtosis")),
    _core.Distance: (None, ("ks", "ks_std_error", "wasserstein1", "mean_z", "variance_ratio")),
    _core.Tail: (None, ("threshold", "probability", "samples", "variance_reduction", "largest_share", "converged")),
    _core.GradientLimit: (None, ("log_scale", "gradient_mean", "gradient_variance", "norm_mean", "norm_variance",
                                 "covariance", "overlap")),
}


def _frame(columns: dict[str, Any], index: Any = None) -> pandas.DataFrame:
    """Columns of numbers, or of numbers with errors, which get a column that ends in _error."""
    parts: dict[str, Any] = {}
    for name, value in columns.items():
        if isinstance(value, (Estimate, Estimates)):
            parts[name], parts[name + "_error"] = np.ravel(value.value), np.ravel(value.std_error)
        else:
            parts[name] = np.ravel(value)
    return pandas.DataFrame(parts, index=index)


def to_dataframe(result: Any) -> pandas.DataFrame:
    """A result as its class's to_dataframe() says."""
    if isinstance(result, _core.Fit):
        frames = [to_dataframe(distance) for distance in (result.log_output_norm2, result.output)]
        return pandas.concat(frames).set_axis(["log_output_norm2", "output"])
    if isinstance(result, _core.Histogram):
        return _frame({"low": result.edges[:-1], "high": result.edges[1:], "count": result.counts})
    if isinstance(result, Estimates):
        shape = result.value.shape
        index = pandas.MultiIndex.from_product(map(range, shape)) if len(shape) > 1 else None
        return _frame({"value": result.value, "std_error": result.std_error}, index)
    if isinstance(result, _core.JointEnsemble):
        index = pandas.MultiIndex.from_tuples(
            [(layer, i, j) for layer in result.layers for i, j in result.pairs], names=["layer", "i", "j"])
        return _frame({name: getattr(result, name) for name in ("cosine", "log_tangent_mean", "log_tangent_variance")}, index)
    if isinstance(result, _core.TangentKernelEnsemble):
        index = pandas.MultiIndex.from_product(map(range, result.mean.value.shape), names=["i", "j"])
        columns = ("mean", "spread", "infinite_width", "cosine", "cosine_variance", "infinite_width_cosine")
        return _frame({name: getattr(result, name) for name in columns}, index)
    index_name, names = _COLUMNS[type(result)]
    return _frame({name: getattr(result, name) for name in names}).rename_axis(index_name)
