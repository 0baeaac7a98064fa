"""Pictures of networks, with matplotlib. Each function draws on `ax` (by default a new one) and returns it.

The colours are those of the command's reports.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import numpy as np

from . import _core

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLOURS = {"finite-width": "#b8860b", "log-Gaussian": "#0072b2", "Gaussian": "#d55e00", "exact": "#009e73", "simulated": "black"}


def _colour(law: _core.Law) -> str:
    return COLOURS.get(law.kind, "#cc79a7")


def _histogram(ensemble: _core.Ensemble) -> _core.Histogram:
    histogram = ensemble.log_output_norm2_histogram
    if histogram is None:
        raise ValueError("ensemble: no network in it lived, so there is nothing to draw")
    return histogram


def _new(ax: Axes | None) -> Axes:
    return plt.subplots()[1] if ax is None else ax


def density(ensemble: _core.Ensemble, ax: Axes | None = None, bins: int = 60) -> Axes:
    """The density of ln||z_out||^2: simulated, with standard errors, and by each law."""
    ax = _new(ax)
    histogram = _histogram(ensemble)
    edges, counts = histogram.edges, histogram.counts
    low, high = (histogram.quantile(p).value for p in (0.002, 0.998))
    laws = _core.laws(ensemble.network, ensemble.input)
    low = min(low, *(float(law.ppf(0.002)) for law in laws))
    high = max(high, *(float(law.ppf(0.998)) for law in laws))
    cuts = np.searchsorted(edges, np.linspace(low, high, bins + 1)).clip(0, len(counts))
    inside = np.diff(np.concatenate([[0], np.cumsum(counts)])[cuts])
    widths = np.diff(edges[cuts])
    keep = widths > 0
    centres = (edges[cuts][:-1] + edges[cuts][1:])[keep] / 2
    scale = histogram.count * widths[keep]
    ax.errorbar(centres, inside[keep] / scale, np.sqrt(inside[keep]) / scale, fmt=".", color=COLOURS["simulated"],
                label="simulated")
    x = np.linspace(low, high, 300)
    for law in laws:
        ax.plot(x, law.pdf(x), color=_colour(law), label=law.kind)
    ax.set(xlabel=r"$\ln\|z_{out}\|^2$", ylabel="density")
    ax.legend()
    return ax


def quantiles(ensemble: _core.Ensemble, ax: Axes | None = None) -> Axes:
    """Simulated quantiles of ln||z_out||^2 against those of each law; a law that holds is on the diagonal."""
    ax = _new(ax)
    histogram = _histogram(ensemble)
    least = 20 / histogram.count
    p = np.concatenate([np.geomspace(least, 0.5, 20), 1 - np.geomspace(least, 0.5, 20)[::-1]])
    simulated = [histogram.quantile(float(q)) for q in p]
    values = [estimate.value for estimate in simulated]
    for law in _core.laws(ensemble.network, ensemble.input):
        ax.errorbar(law.ppf(p), values, [e.std_error for e in simulated], fmt=".", color=_colour(law),
                    label=law.kind)
    ax.axline((values[0], values[0]), slope=1, color=COLOURS["simulated"], linestyle="--", linewidth=1)
    ax.set(xlabel="quantile of the law", ylabel="simulated quantile")
    ax.legend()
    return ax


def hypoactivation(ensemble: _core.Ensemble, ax: Axes | None = None) -> Axes:
    """n E[S_l] by layer: simulated, and in the log-Gaussian limit."""
    ax = _new(ax)
    value, error = ensemble.hypoactivation
    layers = np.arange(len(value))
    ax.errorbar(layers, value, error, fmt=".", color=COLOURS["simulated"], label="simulated")
    ax.plot(layers, _core.hypoactivation(ensemble.network), color=COLOURS["log-Gaussian"], label="log-Gaussian")
    ax.set(xlabel="layer", ylabel="$n E[S_l]$")
    ax.legend()
    return ax


def covariance(ensemble: _core.Ensemble, ax: Axes | None = None) -> Axes:
    """n Cov(S_m, S_{m+lag}) against the lag: simulated, and in the log-Gaussian limit."""
    ax = _new(ax)
    lags = np.array(ensemble.lags)
    value, error = ensemble.interlayer_covariance
    ax.errorbar(lags, value, error, fmt=".", color=COLOURS["simulated"], label="simulated")
    predicted = [_core.mean_interlayer_covariance(ensemble.network, int(lag)) for lag in lags]
    ax.plot(lags, predicted, color=COLOURS["log-Gaussian"], label="log-Gaussian")
    ax.set(xlabel="lag", ylabel=r"$n\,\mathrm{Cov}(S_m, S_l)$")
    ax.set_xscale("symlog", linthresh=1)
    ax.legend()
    return ax


def collapse(ensembles: Iterable[_core.Ensemble], ax: Axes | None = None) -> Axes:
    """The variance of G against d/n, a marker for each width; networks that differ in d and n alone fall on one curve."""
    ax = _new(ax)
    by_width: dict[int, list[_core.Ensemble]] = {}
    for ensemble in ensembles:
        by_width.setdefault(int(np.max(ensemble.network.width)), []).append(ensemble)
    predicted: dict[float, float] = {}
    for marker, (width, group) in zip("osv^D<>*" * len(by_width), sorted(by_width.items()), strict=False):
        ratios = [ensemble.network.depth / width for ensemble in group]
        variances = [ensemble.growth.variance for ensemble in group]
        ax.errorbar(ratios, [v.value for v in variances], [v.std_error for v in variances], fmt=marker, markersize=4,
                    color=COLOURS["simulated"], label=f"width {width}")
        predicted |= {r: _core.log_gaussian_growth_by_layer(e.network)[1][-1] for r, e in zip(ratios, group, strict=True)}
    ratios = sorted(predicted)
    ax.plot(ratios, [predicted[r] for r in ratios], color=COLOURS["log-Gaussian"], label="log-Gaussian")
    ax.set(xlabel="d/n", ylabel="variance of G")
    ax.legend()
    return ax


def map_of_limits(ensembles: Iterable[_core.Ensemble], ax: Axes | None = None, tolerance: float = _core.HOLDS_BELOW) -> Axes:
    """Which limit holds at each width and depth: no probability of ln||z_out||^2 is off by `tolerance`.

    A square for each ensemble: the colour of a limit that alone holds, white if both do, grey if none does.
    """
    ax = _new(ax)
    labels = {
        (True, True): ("both", "white"),
        (True, False): ("log-Gaussian", COLOURS["log-Gaussian"]),
        (False, True): ("Gaussian", COLOURS["Gaussian"]),
        (False, False): ("none", "grey"),
    }
    places: dict[tuple[bool, bool], list[tuple[int, int]]] = {}
    for ensemble in ensembles:
        holds = [_core.compare(ensemble, limit(ensemble.network, ensemble.input)).log_output_norm2.ks < tolerance
                 for limit in (_core.infinite_depth_and_width, _core.infinite_width)]
        place = (int(np.max(ensemble.network.width)), ensemble.network.depth)
        places.setdefault((holds[0], holds[1]), []).append(place)
    for which, (label, colour) in labels.items():
        if which in places:
            n, d = np.transpose(places[which])
            ax.scatter(n, d, marker="s", s=120, color=colour, edgecolor="black", label=label)
    ax.set(xlabel="width n", ylabel="depth d", xscale="log", yscale="log")
    ax.legend(title="holds", loc="center left", bbox_to_anchor=(1, 0.5))
    return ax
