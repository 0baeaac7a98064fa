"""A program of a user with strict types, for mypy."""

import numpy as np
from numpy.typing import NDArray

import initlaw

net: initlaw.Network = initlaw.vanilla(width=100, depth=50, outputs=10)
law: initlaw.Law = initlaw.infinite_depth_and_width(net)
skip: float | NDArray[np.float64] = net.lambda_
median: float | NDArray[np.float64] = law.ppf([0.01, 0.5, 0.99])
ensemble: initlaw.Ensemble = initlaw.simulate(net, samples=1000, seed=1)
mean: float = ensemble.growth.mean().value
errors: NDArray[np.float64] = ensemble.hypoactivation.std_error
verdict: str = initlaw.compare(ensemble, law).verdict
tail: initlaw.Estimate = initlaw.tail_probability(net, 100.0, 1000).probability
print(skip, median, mean, errors, verdict, tail)
