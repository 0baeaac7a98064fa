"""What a deep ReLU network does before it is trained.

    >>> import initlaw
    >>> net = initlaw.vanilla(width=100, depth=50, outputs=10)
    >>> initlaw.infinite_depth_and_width(net).ppf([0.01, 0.5, 0.99])
    >>> initlaw.simulate(net, samples=10**6)

Laws are predicted in the Gaussian and the log-Gaussian limit and, without skip path, exactly; networks are simulated
exactly at O(width) a layer. Names, units and sources are those of the C++ library. A wrong argument is a ValueError that
names it, its value and what would be right.

What takes no argument is a property (`ensemble.growth.mean`, `law.second_moment`), what takes one a method
(`histogram.quantile(p)`). Laws have the methods of scipy.stats' frozen distributions as well, and these are called, as there
(`law.mean()`, `law.ppf(p)`); so are conversions (`to_json()`, `to_dataframe()`). A number with an error is an Estimate.
Networks, laws and results can be compared, hashed and pickled.

An input is by default a vector of norm 1, whatever the network's `inputs`. So ||x||^2/n_in is 1/inputs, not near 1 as of
numpy.random.randn(inputs), and ln||z_out||^2 is ln(inputs) smaller than there: pass `input` where that matters.

`initlaw.plot` has pictures (matplotlib), `initlaw.torch` looks at PyTorch models; both are imported when first used.
"""

from __future__ import annotations

import importlib
import inspect
import types
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, ParamSpec, TypedDict

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import _core, _functions

_functions.adopt(_core)

from ._core import (  # noqa: E402
    AngleLaw,
    Distance,
    Ensemble,
    Fit,
    GradientLaw,
    GradientLimit,
    Gradients,
    Histogram,
    JointEnsemble,
    Law,
    Moments,
    Network,
    OutputLaw,
    Tail,
    TangentKernel,
    TangentKernelEnsemble,
    active_fraction,
    angle_law,
    collapse_depth,
    compare,
    exact_fully_connected,
    exact_linear_first,
    finite_width,
    gradient_limit,
    gradient_norms,
    growth_difference_variance,
    has_exact_law,
    hypoactivation,
    infinite_depth_and_width,
    infinite_width,
    infinite_width_correlation,
    infinite_width_tangent_correlation,
    infinite_width_tangent_kernel,
    interlayer_covariance,
    laws,
    layer_activity,
    log_gaussian_growth_by_layer,
    log_norm_cumulants,
    log_norm_cumulants_by_layer,
    mean_interlayer_covariance,
    network_from_json,
    network_from_toml,
    read_input,
)
from ._design import (  # noqa: E402
    Design,
    DesignPoint,
    FormatRisk,
    PredictedSpread,
    Regime,
    Spread,
    Verification,
    design,
    regime,
)
from ._estimate import Estimate, Estimates  # noqa: E402
from ._study import extend_study, open_study, run_study  # noqa: E402

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from . import plot as plot
    from . import torch as torch

__all__ = [
    "AngleLaw", "Architecture", "Design", "DesignPoint", "Distance", "Ensemble", "Estimate", "Estimates", "Fit",
    "FormatRisk", "GradientLaw", "GradientLimit", "Gradients", "Histogram", "JointEnsemble", "Law", "Moments",
    "Network", "OutputLaw", "PredictedSpread", "Regime", "Spread", "Tail", "TangentKernel", "TangentKernelEnsemble",
    "Verification", "__version__", "active_fraction", "angle_law", "balanced", "collapse_depth", "compare",
    "design", "exact_fully_connected", "exact_linear_first", "extend_study", "finite_width", "fully_connected",
    "gradient_limit", "gradient_norms", "growth_difference_variance", "has_exact_law", "hypoactivation",
    "infinite_depth_and_width", "infinite_width", "infinite_width_correlation", "infinite_width_tangent_correlation",
    "infinite_width_tangent_kernel", "interlayer_covariance", "laws", "layer_activity",
    "log_gaussian_growth_by_layer", "log_norm_cumulants", "log_norm_cumulants_by_layer", "log_output_norm2_samples",
    "mean_interlayer_covariance", "network_from_json", "network_from_toml", "open_study", "predict_angles",
    "read_input", "regime", "run_study", "simulate", "simulate_jointly", "simulate_tangent_kernel", "stable",
    "tail_probability", "vanilla",
]

__version__ = _core.version()

_STANDARD_SCALE = 0.5**0.5


def __getattr__(name: str) -> types.ModuleType:
    if name in ("plot", "torch"):
        return importlib.import_module(f".{name}", __name__)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*globals(), "plot", "torch"]


def _given(**fields: object) -> dict[str, object]:
    return {name: value for name, value in fields.items() if value is not None}


class Architecture(TypedDict, total=False):
    """What networks are made of beside widths and scales; by default the paper's ResNet. Keywords of the four functions
    that make networks.
    """

    #: 'activation-first': W phi(z); or 'linear-first': W_2 phi(W_1 z), a transformer's MLP. fully_connected has none.
    branch: str
    branch_width: int  #: neurons inside a linear-first branch, by default `width`
    norm: str  #: 'none'; 'pre': the branch reads z sqrt(n)/||z|| (RMSNorm); 'final': the output layer, too
    #: 'relu', 'leaky-relu' (with `leak`), 'abs', 'identity'; with a norm also 'gelu', 'silu', 'tanh', 'erf'. Scaled to
    #: E phi(g)^2 = 1 for a standard normal g.
    activation: str
    weights: str  #: 'gaussian', 'orthogonal', or, with method='dense', 'uniform'
    input_layer: str  #: 'gaussian', or 'orthogonal': ||z_0||^2/n is ||x||^2/n_in exactly


_P = ParamSpec("_P")


def _shows_architecture(function: Callable[_P, Network]) -> Callable[_P, Network]:
    """Gives a function, to who inspects it, the keywords of Architecture one by one."""
    signature = inspect.signature(function)
    named = [p for p in signature.parameters.values() if p.kind is not p.VAR_KEYWORD]
    fields = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=f"{kind.__forward_arg__} | None")
        for name, kind in Architecture.__annotations__.items()
    ]
    function.__signature__ = signature.replace(parameters=named + fields)  # type: ignore[attr-defined]
    return function


@_shows_architecture
def fully_connected(
    *,
    width: int | Sequence[int],
    depth: int,
    inputs: int = 1,
    outputs: int = 1,
    leak: float | None = None,
    **architecture: Unpack[Architecture],
) -> Network:
    """A fully connected network with He initialization: alpha = 0, lambda = 1.

    `width` may be a list of depth + 1 widths, those of z_0, ..., z_d. Other keywords: Architecture.
    """
    return _core.network(
        family="fully-connected", width=width, depth=depth, inputs=inputs, outputs=outputs,
        **_given(leak=leak), **_given(**architecture),
    )


@_shows_architecture
def vanilla(
    *,
    width: int,
    depth: int,
    alpha: float | Sequence[float] = _STANDARD_SCALE,
    lambda_: float | Sequence[float] = _STANDARD_SCALE,
    inputs: int = 1,
    outputs: int = 1,
    leak: float | None = None,
    branch_depth: int | None = None,
    flip: float = 0,
    **architecture: Unpack[Architecture],
) -> Network:
    """A ResNet z_l = alpha_l z_{l-1} + lambda_l sqrt(1/n) W_l phi(z_{l-1}), by default the paper's standard one.

    `alpha` and `lambda_` are one number, or `depth` numbers. `leak` is the slope of the activation's negative side (0
    by default), `flip` the probability that a neuron's sign flips between layers. `branch_depth`, the matrices in a branch, is 1 by
    default, 2 where it is linear-first. Other keywords: Architecture.
    """
    return _core.network(
        family="vanilla", width=width, depth=depth, alpha=alpha, inputs=inputs, outputs=outputs, **_given(leak=leak),
        flip=flip, **{"lambda": lambda_}, **_given(branch_depth=branch_depth), **_given(**architecture),
    )


@_shows_architecture
def balanced(
    *,
    width: int,
    depth: int,
    alpha: float | Sequence[float] = _STANDARD_SCALE,
    lambda_: float | Sequence[float] = _STANDARD_SCALE,
    inputs: int = 1,
    outputs: int = 1,
    leak: float | None = None,
    branch_depth: int | None = None,
    **architecture: Unpack[Architecture],
) -> Network:
    """A ResNet whose activations have a fresh random sign for every layer and neuron. Arguments as vanilla()."""
    return _core.network(
        family="balanced", width=width, depth=depth, alpha=alpha, inputs=inputs, outputs=outputs, **_given(leak=leak),
        **{"lambda": lambda_}, **_given(branch_depth=branch_depth), **_given(**architecture),
    )


@_shows_architecture
def stable(
    *,
    width: int,
    depth: int,
    residual_scale: float = 1,
    inputs: int = 1,
    outputs: int = 1,
    leak: float | None = None,
    branch_depth: int | None = None,
    flip: float = 0,
    **architecture: Unpack[Architecture],
) -> Network:
    """A ResNet with alpha = 1 and lambda_l = residual_scale/sqrt(depth)."""
    return _core.network(
        family="stable", width=width, depth=depth, inputs=inputs, outputs=outputs, **_given(leak=leak),
        flip=flip, **{"lambda": residual_scale}, **_given(branch_depth=branch_depth), **_given(**architecture),
    )


def _progress(total: float, show: bool | None) -> AbstractContextManager[Callable[[int], None] | None]:
    """What simulate() calls with the samples done; None if there is nothing to show them."""
    if show is False:
        return nullcontext(None)
    try:
        from tqdm.auto import tqdm
    except ImportError:
        return nullcontext(None)

    class Bar(AbstractContextManager[Callable[[int], None]]):
        def __init__(self) -> None:
            # Short runs show nothing; by default only terminals and notebooks do.
            self.bar = tqdm(total=total, unit=" networks", unit_scale=True, delay=1, disable=None if show is None else False)

        def __enter__(self) -> Callable[[int], None]:
            return lambda done: self.bar.update(done - self.bar.n)

        def __exit__(self, *error: object) -> None:
            self.bar.close()

    return Bar()


def simulate(
    network: Network,
    samples: int = 100_000,
    seed: int = 1,
    *,
    input: ArrayLike | None = None,
    method: str = "fast",
    precision: str = "float",
    estimator: str = "plain",
    threads: int = 0,
    lags: Sequence[int] | None = None,
    gradients: str | None = None,
    progress: bool | None = None,
) -> Ensemble:
    """Simulates `samples` independent random initializations of the network at one input.

    The result depends on all but `threads` (0 for all cores) and is that of the command with the same options, bit for bit.
    `input` has shape (inputs,); by default a vector of norm 1, so that ||x||^2/n_in is 1/inputs. `method` is 'fast', O(width) a layer, or 'dense', all
    weights; `precision` 'float' or 'double'; `estimator` 'plain' or 'antithetic'. `lags` are those at which the interlayer
    covariance is measured. `gradients` 'random' asks for those of the first output too, 'orthogonal' for those of an output
    that is 0. With tqdm installed a bar shows the progress of runs longer than a second, unless `progress`
    is False. Cost: width normals per sample and layer, with gradients twice as many; some 20 MB. Ctrl-C ends the simulation with KeyboardInterrupt. The interpreter's lock is released.
    """
    with _progress(samples, progress) as on_progress:
        return _core.simulate(network, input, samples, seed, method, precision, estimator, threads, lags, gradients, on_progress)


def log_output_norm2_samples(
    network: Network,
    samples: int = 100_000,
    seed: int = 1,
    *,
    input: ArrayLike | None = None,
    method: str = "fast",
    precision: str = "float",
    threads: int = 0,
    progress: bool | None = None,
) -> NDArray[np.float64]:
    """ln||z_out||^2 of each network that simulate() with the same arguments simulates, in the order of the samples.

    An array of shape (samples,), -inf for dead networks; the same for any number of threads, and the first numbers of a
    longer one. Arguments as simulate().
    """
    with _progress(samples, progress) as on_progress:
        return _core.log_output_norm2_samples(network, input, samples, seed, method, precision, threads, on_progress)


def tail_probability(
    network: Network,
    threshold: float = 65504,
    samples: int = 200_000,
    seed: int = 1,
    *,
    input: ArrayLike | None = None,
    threads: int = 0,
    progress: bool | None = None,
) -> Tail:
    """P(|z| > threshold) of one output neuron z, down to 10^-18, by particle systems that are resampled from layer to layer.

    The threshold is by default the largest number of half precision. Look at `converged` in narrow, deep nets. Other
    arguments as simulate(). Cost: some 3 times that of simulate() in double precision. Source: docs/theory.md, "Far tails".
    """
    with _progress(samples, progress) as on_progress:
        return _core.tail_probability(network, threshold, input, samples, seed, threads, on_progress)


def predict_angles(
    network: Network,
    inputs: ArrayLike,
    *,
    pairs: Sequence[tuple[int, int]] = (),
    layers: Sequence[int] = (),
) -> dict[str, NDArray[np.float64]]:
    """The law of the angles of several inputs, shape (inputs, components), at finite depth and width, layer by layer.

    A dictionary of `layers` and of arrays of shape (inputs, inputs, layers): infinite_width (the cosine there), mean_cosine,
    log_tangent_mean, log_tangent_variance and covariance_with_growth (of ln tan(theta/2)), and quantiles of the angle in radians,
    low (1%), median and high (99%). They are NaN where there is no law: for an input with itself, for parallel inputs, for inputs
    that are 0. Pairs and layers as simulate_jointly(). Cost: for each pair as angle_law(), and a millisecond a layer. Source:
    docs/angles.md.
    """
    prediction = _core.predict_angles(network, inputs, list(pairs), list(layers))
    return {name: np.asarray(value) for name, value in prediction.items()}


def simulate_jointly(
    network: Network,
    inputs: ArrayLike,
    samples: int = 10_000,
    seed: int = 1,
    *,
    threads: int = 0,
    pairs: Sequence[tuple[int, int]] = (),
    layers: Sequence[int] = (),
    progress: bool | None = None,
) -> JointEnsemble:
    """Simulates `samples` random networks at several inputs at once, shape (inputs, components), exactly.

    Inputs may be equal, opposite, parallel or 0. Numbers are kept of the `pairs` (i, j), by default all of up to 16 inputs,
    else those of input 0; angles in these `layers`, by default all of up to 64, else 64 at equal distances. Other arguments as simulate(). Cost: for m inputs per sample and layer
    width m normals and 6 width m^2 operations. Source: docs/theory.md, "Several inputs".
    """
    with _progress(samples, progress) as on_progress:
        return _core.simulate_jointly(network, inputs, samples, seed, threads, list(pairs), list(layers), on_progress)


def simulate_tangent_kernel(
    network: Network,
    inputs: ArrayLike,
    samples: int = 10_000,
    seed: int = 1,
    *,
    threads: int = 0,
    progress: bool | None = None,
) -> TangentKernelEnsemble:
    """Simulates the neural tangent kernel of `samples` random networks at several inputs, shape (inputs, components), exactly.

    No weight matrix is drawn. Inputs may be equal, opposite, parallel or 0. Other arguments as simulate(). Cost: for m
    inputs per sample and layer 2 width m normals and some 16 width m^2 operations. Source: docs/theory.md, "The tangent
    kernel at several inputs".
    """
    with _progress(samples, progress) as on_progress:
        return _core.simulate_tangent_kernel(network, inputs, samples, seed, threads, on_progress)
