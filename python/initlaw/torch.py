"""PyTorch models beside the theory: BalancedReLU, measurements of any model, and a check of its initialization.

A model is described to the theory by an initlaw.Network; its activation modules (nn.ReLU, nn.LeakyReLU, BalancedReLU), in
the order in which they are called, see z_0, ..., z_{d-1}.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from . import _core

if TYPE_CHECKING:
    import pandas


class BalancedReLU(nn.Module):
    """ReLU(s z) with a random sign s for each feature, fixed when the module is made and saved in its state_dict.

    `features` is the size of the input's dimension `dim` (the channels, dim 1, of a convolution). `leak` is the slope of the
    negative side. The signs come from `seed`, or from torch's global generator.
    """

    signs: torch.Tensor

    def __init__(self, features: int, *, dim: int = -1, leak: float = 0.0, seed: int | None = None) -> None:
        super().__init__()
        if features < 1:
            raise ValueError(f"features: {features} is out of range [1, infinity)")
        self.dim = dim
        self.leak = leak
        generator = None if seed is None else torch.Generator().manual_seed(seed)
        bits = torch.randint(0, 2, (features,), generator=generator)
        self.register_buffer("signs", (2 * bits - 1).to(torch.get_default_dtype()))

    def forward(self, z: torch.Tensor) -> torch.Tensor:
        if z.shape[self.dim] != len(self.signs):
            raise ValueError(f"z: has {z.shape[self.dim]} features in dimension {self.dim}, must have {len(self.signs)}")
        shape = [1] * z.dim()
        shape[self.dim] = -1
        return nn.functional.leaky_relu(self.signs.view(shape) * z, self.leak)

    def extra_repr(self) -> str:
        return f"features={len(self.signs)}, dim={self.dim}, leak={self.leak}"


def _is_activation(module: nn.Module) -> bool:
    return isinstance(module, (nn.ReLU, nn.LeakyReLU, BalancedReLU))


def _leak(module: nn.Module) -> float:
    if isinstance(module, nn.LeakyReLU):
        return float(module.negative_slope)
    return module.leak if isinstance(module, BalancedReLU) else 0.0


@dataclass
class _Call:
    name: str
    module: nn.Module
    input: torch.Tensor


@contextmanager
def _recorded(model: nn.Module) -> Iterator[list[_Call]]:
    """The calls of the model's activations, in their order."""
    calls: list[_Call] = []

    def hook(name: str) -> Callable[[nn.Module, Any], None]:
        return lambda module, inputs: calls.append(_Call(name, module, inputs[0].detach().clone()))

    handles = [m.register_forward_pre_hook(hook(name)) for name, m in model.named_modules() if _is_activation(m)]
    if not handles:
        raise ValueError("model: has no nn.ReLU, nn.LeakyReLU or BalancedReLU; functional activations cannot be seen")
    try:
        yield calls
    finally:
        for handle in handles:
            handle.remove()


def balance(model: nn.Module, inputs: torch.Tensor, *, dim: int | None = None, seed: int | None = None) -> nn.Module:
    """Replaces each nn.ReLU and nn.LeakyReLU of a model by a BalancedReLU, in place, and returns the model.

    One forward pass with `inputs` tells how many features each has, in dimension `dim` (by default 1 of images, else the
    last). Raises ValueError if a module is called with different numbers of features, or an activation is the model itself.
    """
    with _recorded(model) as calls, torch.no_grad():
        model(inputs)
    features: dict[str, tuple[int, int]] = {}
    for call in calls:
        where = dim if dim is not None else (1 if call.input.dim() == 4 else -1)
        found = (call.input.shape[where], where)
        if features.setdefault(call.name, found) != found:
            raise ValueError(f"model: {call.name} is called with {features[call.name][0]} and with {found[0]} features; "
                             "it must be a module for each")
    for k, (name, (count, where)) in enumerate(features.items()):
        parent_name, _, child = name.rpartition(".")
        if not child:
            raise ValueError("model: is an activation itself; put it into an nn.Sequential")
        parent = model.get_submodule(parent_name)
        old = parent.get_submodule(child)
        if not isinstance(old, BalancedReLU):
            new = BalancedReLU(count, dim=where, leak=_leak(old), seed=None if seed is None else seed + k)
            setattr(parent, child, new.to(calls[0].input.device))
    return model


@dataclass(repr=False)
class Measurement:
    """What the activations of a model see, for each layer and input: arrays of shape (layers, inputs)."""

    names: list[str]
    log_norm2: NDArray[np.float64]  #: ln||z_l||^2
    active_fraction: NDArray[np.float64]  #: the share of neurons with s z > 0
    S: NDArray[np.float64]  #: ||phi(z)||^2/||z||^2 - 1, phi scaled as in the theory
    width: list[int] = field(default_factory=list)  #: neurons of each layer

    def __repr__(self) -> str:
        layers, inputs = self.log_norm2.shape
        return f"Measurement({layers} layers, {inputs} inputs)"

    def to_dataframe(self) -> pandas.DataFrame:
        """A row for each layer and input."""
        import pandas

        layers, inputs = self.log_norm2.shape
        index = pandas.MultiIndex.from_product([self.names, range(inputs)], names=["layer", "input"])
        columns = {name: getattr(self, name).ravel() for name in ("log_norm2", "active_fraction", "S")}
        return pandas.DataFrame(columns, index=index)


def measure(model: nn.Module, inputs: torch.Tensor) -> Measurement:
    """Runs the model on a batch, and reads log-norm, active fraction and S off each activation.

    The model is left as it is, and may be trained or not. A pre-activation that is 0 has log_norm2 -infinity and S 0.
    """
    with _recorded(model) as calls, torch.no_grad():
        model(inputs)
    log_norm2, active, S = [], [], []
    for call in calls:
        z = call.input.double().flatten(1)
        if isinstance(call.module, BalancedReLU):
            shape = [1] * call.input.dim()
            shape[call.module.dim] = -1
            z = (call.input * call.module.signs.view(shape)).double().flatten(1)
        leak = _leak(call.module)
        phi = nn.functional.leaky_relu(z, leak)
        square = (z**2).sum(1)
        log_norm2.append(square.log().cpu().numpy())
        active.append((z > 0).double().mean(1).cpu().numpy())
        passed = 2 / (1 + leak**2) * (phi**2).sum(1) / square - 1
        S.append(torch.where(square > 0, passed, torch.zeros_like(passed)).cpu().numpy())
    return Measurement([call.name for call in calls], np.array(log_norm2), np.array(active), np.array(S),
                       [call.input[0].numel() for call in calls])


@dataclass
class Departure:
    """One quantity of one layer: measured in the model's initializations, and in the network's exact law."""

    layer: str
    quantity: str
    model: float
    law: float
    std_error: float
    p_value: float

    def __str__(self) -> str:
        return (f"{self.layer}: {self.quantity} is {self.model:.5g}, the law says {self.law:.5g} "
                f"(standard error {self.std_error:.2g}, p = {self.p_value:.2g})")


@dataclass(repr=False)
class Check:
    """The outcome of check(): every comparison, and those that fail."""

    departures: list[Departure]
    threshold: float  #: p-values below fail: the level, divided by the number of comparisons

    @property
    def failures(self) -> list[Departure]:
        return [departure for departure in self.departures if not departure.p_value >= self.threshold]

    def __bool__(self) -> bool:
        return not self.failures

    def __repr__(self) -> str:
        return f"Check({len(self.failures)} of {len(self.departures)} comparisons fail)"

    def __str__(self) -> str:
        if self:
            smallest = min(departure.p_value for departure in self.departures)
            return (f"The initialization follows the law: {len(self.departures)} comparisons, smallest p-value {smallest:.2g}")
        lines = [f"The initialization departs from the law in {len(self.failures)} of {len(self.departures)} comparisons:"]
        return "\n  ".join(lines + [str(departure) for departure in self.failures])

    def to_dataframe(self) -> pandas.DataFrame:
        """A row for each comparison."""
        import pandas

        return pandas.DataFrame([vars(departure) for departure in self.departures])


def check(make_model: Callable[[], nn.Module], inputs: torch.Tensor, network: _core.Network, *, initializations: int = 500,
          level: float = 1e-3, samples: int | None = None) -> Check:
    """Tests whether a model's initialization follows the law of a network.

    `make_model()` gives a freshly initialized model, `inputs` is one input as a batch of one. Null hypothesis: the model's
    activations see the z_0, ..., z_{d-1} of `network`. Mean and variance of ln||z_l||^2, n E[S_l] and the active fraction of
    each layer over `initializations` models are compared with those of `samples` exactly simulated networks (by default 20
    times as many), not with a limit; the check fails if a two-sided p-value is below `level` divided by the number of
    comparisons. In a test: `assert (outcome := check(...)), outcome`.

    Raises ValueError if the model calls another number of activations than the network has layers, or they have other widths.
    """
    if inputs.shape[0] != 1:
        raise ValueError(f"inputs: has {inputs.shape[0]} inputs; must be a batch of one")
    runs = [measure(make_model(), inputs) for _ in range(initializations)]
    names, widths = runs[0].names, runs[0].width
    expected_widths = np.broadcast_to(network.width, network.depth + 1)[:-1].tolist()
    if widths != expected_widths:
        raise ValueError(f"model: its activations have widths {widths}, those of the network {expected_widths}")
    x = inputs.detach().double().flatten().cpu().numpy()
    law = _core.simulate(network, x, 20 * initializations if samples is None else samples, 1, "fast", "float", "plain", 0,
                         None, None, None)
    stacked = {name: np.array([getattr(run, name)[:, 0] for run in runs]) for name in ("log_norm2", "active_fraction", "S")}
    alive = np.isfinite(stacked["log_norm2"]).all(axis=1)
    stacked = {name: values[alive] for name, values in stacked.items()}
    count = int(alive.sum())

    def mean_of(values: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        return values.mean(0), values.std(0, ddof=1) / math.sqrt(count)

    def variance_of(values: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        return values.var(0, ddof=1), ((values - values.mean(0)) ** 2).std(0, ddof=1) / math.sqrt(count)

    comparisons = [
        ("mean of ln||z||^2", mean_of(stacked["log_norm2"]), law.log_norm2_mean),
        ("variance of ln||z||^2", variance_of(stacked["log_norm2"]), law.log_norm2_variance),
        ("n E[S]", mean_of(stacked["S"] * np.array(widths)), law.hypoactivation),
        ("active fraction", mean_of(stacked["active_fraction"]), law.active_fraction),
    ]
    departures = []
    for quantity, (values, errors), expected in comparisons:
        for layer, name in enumerate(names):
            error = math.hypot(errors[layer], expected.std_error[layer])
            z = abs(values[layer] - expected.value[layer]) / error if error > 0 else math.inf
            if values[layer] == expected.value[layer]:
                z = 0.0
            departures.append(Departure(name, quantity, float(values[layer]), float(expected.value[layer]), error,
                                        math.erfc(z / math.sqrt(2))))
    return Check(departures, level / len(departures))
