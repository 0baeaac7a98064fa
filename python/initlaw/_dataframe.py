"""Ensembles as pandas DataFrames."""

from __future__ import annotations

import pandas

from ._core import Ensemble
from ._estimate import Estimates


def to_dataframe(ensemble: Ensemble) -> pandas.DataFrame:
    """The ensemble's layers as a pandas DataFrame: a row for each, with errors in columns that end in _error."""
    columns = {}
    for name in ("hypoactivation", "active_fraction", "log_norm2_mean", "log_norm2_variance"):
        estimates: Estimates = getattr(ensemble, name)
        columns[name] = estimates.value
        columns[name + "_error"] = estimates.std_error
    frame = pandas.DataFrame(columns)
    frame.index.name = "layer"
    return frame

