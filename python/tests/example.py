"""A program of a user with strict types, for mypy and pyright."""

import numpy as np
from numpy.typing import NDArray

import initlaw

net: initlaw.Network = initlaw.vanilla(width=100, depth=50, outputs=10)
narrow: initlaw.Network = net.replace(width=50, lambda_=0.5)
scale: float | NDArray[np.float64] = narrow.lambda_
law: initlaw.Law = initlaw.infinite_depth_and_width(net)
median: float = law.ppf(0.5)
quantiles: NDArray[np.float64] = law.ppf([0.01, 0.5, 0.99])
draw: float = law.rvs(random_state=1)
draws: NDArray[np.float64] = law.rvs((2, 3), random_state=np.random.default_rng(1))
moments: tuple[float, float, float] = law.mean(), law.var(), law.second_moment
one_output: float = law.output.excess_kurtosis
ensemble: initlaw.Ensemble = initlaw.simulate(net, samples=1000, seed=1, gradients="random")
mean: float = ensemble.growth.mean.value
scaled: initlaw.Estimate = 2 * ensemble.growth_mean + 1
number: float = float(scaled)
value, error = ensemble.growth_mean
both: float = value + error
errors: NDArray[np.float64] = ensemble.hypoactivation.std_error
shifted: initlaw.Estimates = ensemble.hypoactivation - np.ones(50)
fit: initlaw.Fit = initlaw.compare(ensemble, law)
verdict: str = fit.verdict if fit else "fails"
if ensemble.gradients is not None:
    distance: initlaw.Distance = initlaw.compare(ensemble.gradients, initlaw.gradient_limit(net).random)
    print(distance.ks)
samples: NDArray[np.float64] = initlaw.log_output_norm2_samples(net, 1000)
tail: initlaw.Estimate = initlaw.tail_probability(net, 100.0, 40_000).probability
kernel: NDArray[np.float64] = initlaw.infinite_width_tangent_kernel(net).share
growth: list[initlaw.Moments] = initlaw.simulate_jointly(net.replace(inputs=2), np.eye(2), 100).growth
theta: initlaw.Estimates = initlaw.simulate_tangent_kernel(net.replace(inputs=2), np.eye(2), 100).mean
print(median, quantiles, mean, errors, verdict, tail)
