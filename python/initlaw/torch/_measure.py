"""What the layers of any model see."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from .._estimate import Estimates
from ._trace import Call, Made, Observer, batch_size, precise, run, unique

if TYPE_CHECKING:
    import pandas


@dataclass(repr=False)
class Measurement:
    """What a model's layers see: arrays of shape (layers, inputs), or (initializations, layers, inputs) of several.

    A layer is an activation, by the numbers that it reads, a sum of a stream and its branch, or the model's output.
    """

    names: list[str]  #: modules, and operations that are none
    kinds: list[str]  #: "activation", "sum" or "output"
    log_norm2: NDArray[np.float64]  #: ln||z||^2 over all numbers of one input
    active_fraction: NDArray[np.float64]  #: the share of numbers above 0 (before a BalancedReLU of s z > 0)
    S: NDArray[np.float64]  #: ||phi(z)||^2/||z||^2 - 1 at ReLUs and leaky ones, phi scaled as in the theory; elsewhere NaN
    width: list[int]  #: numbers of one input in each layer

    @property
    def log_norm2_mean(self) -> Estimates:
        """Mean of ln||z||^2 over initializations and inputs, for each layer; its error is from initializations alone."""
        values = self.log_norm2.mean(axis=-1)
        if values.ndim == 1:
            return Estimates(values, np.full_like(values, np.nan))
        return Estimates(values.mean(axis=0), values.std(axis=0, ddof=1) / np.sqrt(len(values)))

    def __repr__(self) -> str:
        *initializations, layers, inputs = self.log_norm2.shape
        several = "".join(f"{count} initializations, " for count in initializations)
        return f"Measurement({several}{layers} layers, {inputs} inputs)"

    def __str__(self) -> str:
        mean = self.log_norm2_mean
        shown = [f"{name} ({kind})" for name, kind in zip(self.names, self.kinds, strict=True)]
        longest = max(map(len, shown))
        lines = [repr(self), f"{'':{longest}}  ln ||z||^2/n"]
        for name, value, error, width in zip(shown, *mean, self.width, strict=True):
            lines.append(f"{name:{longest}}  {value - np.log(width):.4f}" + (f" ± {error:.2g}" if error == error else ""))
        return "\n".join(lines)

    def to_dataframe(self) -> pandas.DataFrame:
        """A row for each layer and input, of several initializations for each of these too."""
        import pandas

        levels = [self.names, range(self.log_norm2.shape[-1])]
        names = ["layer", "input"]
        if self.log_norm2.ndim == 3:
            levels, names = [range(len(self.log_norm2)), *levels], ["initialization", *names]
        columns = {name: getattr(self, name).ravel() for name in ("log_norm2", "active_fraction", "S")}
        return pandas.DataFrame(columns, index=pandas.MultiIndex.from_product(levels, names=names))


class _Layers(Observer):
    def __init__(self, batch: int) -> None:
        self.batch = batch
        self.names: list[str] = []
        self.kinds: list[str] = []
        self.rows: list[tuple[NDArray[np.float64], ...]] = []
        self.width: list[int] = []

    def add(self, name: str, kind: str, z: torch.Tensor, leak: float | None = None) -> None:
        if not z.is_floating_point():
            return
        if z.dim() == 0 or z.shape[0] % self.batch:
            raise ValueError(
                f"model: {name} sees shape {tuple(z.shape)}, of which the {self.batch} inputs cannot be told apart; "
                "measure one input at a time"
            )
        z = precise(z.detach()).reshape(self.batch, -1)
        square = (z**2).sum(1)
        S = torch.full_like(square, float("nan"))
        if leak is not None:
            phi = nn.functional.leaky_relu(z, leak)
            S = torch.where(square > 0, 2 / (1 + leak**2) * (phi**2).sum(1) / square - 1, torch.zeros_like(square))
        self.names.append(name)
        self.kinds.append(kind)
        self.rows.append(tuple(t.cpu().numpy() for t in (square.log(), (z > 0).double().mean(1), S)))
        self.width.append(z.shape[1])

    def activation(self, call: Call, argument: torch.Tensor) -> None:
        self.add(call.name, "activation", argument, call.leak)

    def after(self, call: Call, made: Made) -> None:
        if call.operation == "add" and len(call.makers) == 2:
            one, other = call.makers
            # Of a stream and what weights made of it, not of two parts of one feature.
            if one.layers != other.layers and one.root is not other.root and made.tensor.dim() > 1:
                self.add(call.name, "sum", made.tensor)

    def result(self) -> Measurement:
        log_norm2, active_fraction, S = (np.array(columns) for columns in zip(*self.rows, strict=True))
        return Measurement(unique(self.names), self.kinds, log_norm2, active_fraction, S, self.width)


def _measure(model: nn.Module, inputs: Any) -> Measurement:
    layers = _Layers(batch_size(inputs))
    output = run(model, inputs, layers)
    layers.add("output", "output", output.tensor)
    return layers.result()


def measure(model: nn.Module | Callable[[], nn.Module], inputs: Any, *, initializations: int = 100) -> Measurement:
    """Runs a model on a batch, and reads log-norm, active fraction and S off each layer, however it is written.

    `model` may be trained or not, and is left as it is, BatchNorm's running statistics included; or a function that makes a
    freshly initialized one, called `initializations` times. `inputs` is a tensor, a tuple of arguments or a mapping of
    keywords. A layer that is 0 has log_norm2 -infinity and S 0. Raises ValueError if a part of the model cannot be seen
    (TorchScript, compiled parts), or its layers differ between initializations.
    """
    if isinstance(model, nn.Module):
        return _measure(model, inputs)
    if initializations < 1:
        raise ValueError(f"initializations: {initializations} is out of range [1, infinity)")
    runs = [_measure(model(), inputs) for _ in range(initializations)]
    first = runs[0]
    if any((run.names, run.width) != (first.names, first.width) for run in runs):
        raise ValueError("model: its initializations call different layers")
    log_norm2, active_fraction, S = (
        np.stack([getattr(run, name) for run in runs]) for name in ("log_norm2", "active_fraction", "S")
    )
    return Measurement(first.names, first.kinds, log_norm2, active_fraction, S, first.width)
