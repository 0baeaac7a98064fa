"""Pictures are drawn on the axes that are given, and show the right numbers."""

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import pytest

import initlaw
import initlaw.plot

ENSEMBLE = initlaw.simulate(initlaw.fully_connected(width=30, depth=10, outputs=4), 20_000)


@pytest.mark.parametrize("name", ["density", "quantiles", "hypoactivation", "covariance"])
def test_each_takes_axes_and_returns_them(name):
    figure, ax = plt.subplots()
    assert getattr(initlaw.plot, name)(ENSEMBLE, ax=ax) is ax
    assert ax.get_xlabel() and ax.get_ylabel()
    figure.savefig("/dev/null", format="svg")
    assert getattr(initlaw.plot, name)(ENSEMBLE) is not ax
    plt.close("all")


def test_the_simulated_density_is_the_exact_laws():
    ax = initlaw.plot.density(ENSEMBLE)
    points = next(c for c in ax.containers if c.get_label() == "simulated")
    x, y = points[0].get_data()
    exact = next(line for line in ax.lines if line.get_label() == "exact")
    expected = np.interp(x, *exact.get_data())
    error = np.sqrt(np.maximum(expected, 1e-3) / (20_000 * np.diff(x)[0]))
    assert np.max(np.abs(y - expected) / error) < 5
    plt.close("all")


def test_ensembles_collapse():
    nets = [initlaw.vanilla(width=n, depth=n // k) for n in (16, 32) for k in (4, 2)]
    ax = initlaw.plot.collapse([initlaw.simulate(net, 1000) for net in nets])
    assert len(ax.containers) == 2
    assert ax.lines[-1].get_label() == "log-Gaussian"
    plt.close("all")


def test_the_map_says_which_limit_holds():
    nets = [initlaw.vanilla(width=n, depth=d, outputs=1) for n, d in ((400, 1), (50, 50), (4, 100))]
    ax = initlaw.plot.map_of_limits([initlaw.simulate(net, 5000) for net in nets])
    found = {c.get_label(): [tuple(place) for place in c.get_offsets()] for c in ax.collections}
    assert found == {"both": [(400, 1)], "log-Gaussian": [(50, 50)], "none": [(4, 100)]}
    plt.close("all")
