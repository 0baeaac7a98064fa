"""ReLUs with random signs."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from ._trace import Call, Observer, run


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


class _Rectifiers(Observer):
    """What the ReLUs of a model are called with, by their names."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, torch.Tensor]] = []

    def activation(self, call: Call, argument: torch.Tensor) -> None:
        if call.operation in ("relu", "leaky_relu"):
            self.calls.append((call.name, argument))


def balance(model: nn.Module, inputs: Any, *, dim: int | None = None, seed: int | None = None) -> nn.Module:
    """Replaces each nn.ReLU and nn.LeakyReLU of a model by a BalancedReLU, in place, and returns the model.

    One forward pass with `inputs` (a tensor, a tuple of arguments or a mapping of keywords) tells how many features each has,
    in dimension `dim` (by default 1 of images, else the last). Raises ValueError, and leaves the model as it is, if it has no
    such module, is one itself, calls one of them several times, which would share its signs, or calls ReLU as a function.
    """
    found = _Rectifiers()
    run(model, inputs, found)
    new: dict[str, BalancedReLU] = {}
    modules = dict(model.named_modules())
    for name, argument in found.calls:
        old = modules.get(name)
        if isinstance(old, BalancedReLU):
            continue
        if not isinstance(old, (nn.ReLU, nn.LeakyReLU)):
            raise ValueError(f"model: {name} is a function, which cannot be replaced; make it an nn.ReLU")
        if not name:
            raise ValueError("model: is an activation itself; put it into an nn.Sequential")
        if name in new:
            raise ValueError(
                f"model: {name} is called several times, with the same signs each time; make it an nn.ReLU for each"
            )
        where = dim if dim is not None else (1 if argument.dim() == 4 else -1)
        leak = float(old.negative_slope) if isinstance(old, nn.LeakyReLU) else 0.0
        made = BalancedReLU(argument.shape[where], dim=where, leak=leak, seed=None if seed is None else seed + len(new))
        new[name] = made.to(argument).train(old.training)
    if not found.calls:
        raise ValueError("model: has no nn.ReLU, nn.LeakyReLU or BalancedReLU")
    for name, module in new.items():
        parent, _, child = name.rpartition(".")
        setattr(model.get_submodule(parent), child, module)
    return model
