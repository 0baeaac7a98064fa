"""One forward pass of a model, operation by operation, however they are written: as modules, functions or operators."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any, cast

import torch
from torch import nn
from torch.nn.modules.module import register_module_forward_hook, register_module_forward_pre_hook
from torch.nn.parameter import is_lazy
from torch.overrides import TorchFunctionMode

#: Functions of one number, by PyTorch's names.
ACTIVATIONS = frozenset(
    "celu elu erf gelu hardsigmoid hardswish hardtanh leaky_relu mish prelu relu relu6 rrelu selu sigmoid silu softplus "
    "softsign tanh".split()
)
_ARITHMETIC = frozenset(
    "abs add addcmul clamp clamp_max clamp_min div eq exp ge gt le log log1p lt maximum minimum mul ne neg pow reciprocal "
    "rsqrt rsub sign sqrt square sub where".split()
)
#: The first arguments of operations, in their order, where they are given by name.
_OPERANDS = ("input", "mat1", "mat2", "other")
_LAYERS = ("addmm", "bilinear", "bmm", "conv", "embedding", "linear", "matmul", "mm", "multi_head_attention_forward")
_ALIASES = {
    "absolute": "abs", "clip": "clamp", "divide": "div", "greater": "gt", "iadd": "add", "idiv": "div", "imul": "mul",
    "isub": "sub", "itruediv": "div", "less": "lt", "max": "maximum", "min": "minimum", "multiply": "mul", "negative": "neg",
    "radd": "add", "rmul": "mul", "subtract": "sub", "true_divide": "div", "truediv": "div",
}  # fmt: skip


def tensors_in(value: object) -> Iterator[torch.Tensor]:
    """The tensors in nested sequences and mappings, in order."""
    if isinstance(value, torch.Tensor):
        yield value
    elif isinstance(value, Mapping):
        for element in value.values():
            yield from tensors_in(element)
    elif isinstance(value, (tuple, list)):
        for element in value:
            yield from tensors_in(element)


def precise(tensor: torch.Tensor) -> torch.Tensor:
    """In double precision, on a device that has it."""
    return (tensor.cpu() if tensor.device.type == "mps" else tensor).double()


def batch_size(inputs: object) -> int:
    """The first dimension of the first tensor in what a model is called with."""
    first = next(tensors_in(inputs), None)
    if first is None or first.dim() == 0:
        raise ValueError("inputs: has no tensor with a batch dimension")
    return int(first.shape[0])


@dataclass(eq=False)
class Made:
    """Where a tensor of the forward pass comes from."""

    tensor: torch.Tensor
    index: int  #: of the operation that made it; -1 of an input
    origin: Made | None  #: the tensor that it is a function of, number by number; None if of none but itself
    layers: int  #: weight layers passed since the input, on the longest path

    @property
    def root(self) -> Made:
        return self.origin or self


@dataclass(eq=False)
class Call:
    """An operation on tensors that depend on the input."""

    index: int
    operation: str  #: PyTorch's name, without underscores
    name: str  #: the module, and the operation if the module does not say it
    arguments: tuple[Any, ...]
    options: dict[str, Any]
    makers: list[Made]  #: of the arguments that depend on the input

    @property
    def leak(self) -> float | None:
        """The slope below 0 of a ReLU or a leaky one; None of anything else."""
        if self.operation == "relu":
            return 0.0
        if self.operation != "leaky_relu":
            return None
        return float(self.options.get("negative_slope", self.arguments[1] if len(self.arguments) > 1 else 0.01))


@dataclass
class _Frame:
    name: str
    names_itself: bool  #: the module is nothing but what it calls
    is_function: bool  #: it has neither parts nor parameters
    arguments: tuple[Any, ...]
    activations: int = 0


@dataclass
class Observer:
    """What is told of each operation: before it, as it may overwrite its arguments, and after it."""

    def before(self, call: Call) -> None:
        """Before the operation."""

    def activation(self, call: Call, argument: torch.Tensor) -> None:
        """Before an activation: once for a module that computes it in several operations."""

    def after(self, call: Call, made: Made) -> None:
        """For each tensor that the operation made."""


class _Mode(TorchFunctionMode):
    def __init__(self, observer: Observer) -> None:
        super().__init__()
        self.observer = observer
        self.made: dict[int, Made] = {}
        self.frames: list[_Frame] = []
        self.count = 0

    def start(self, inputs: object) -> None:
        for tensor in tensors_in(inputs):
            self.made[id(tensor)] = Made(tensor, -1, None, 0)

    def _call(self, operation: str, arguments: tuple[Any, ...], options: dict[str, Any]) -> Call | None:
        makers = [self.made[id(t)] for t in tensors_in((arguments, options)) if id(t) in self.made]
        takes_a_shape_alone = operation.startswith("new_") or operation.endswith("_like")
        if not makers or takes_a_shape_alone:
            return None
        arguments = (*arguments, *(options[name] for name in _OPERANDS if name in options))
        options = {name: value for name, value in options.items() if name not in _OPERANDS}
        frame = self.frames[-1] if self.frames else _Frame("", False, False, ())
        name = frame.name if frame.names_itself else f"{frame.name}.{operation}".lstrip(".")
        return Call(self.count, operation, name, arguments, options, makers)

    def _announce(self, call: Call) -> None:
        self.observer.before(call)
        if call.operation not in ACTIVATIONS:
            return
        argument = call.makers[0].tensor
        frame = self.frames[-1] if self.frames else None
        if frame and frame.is_function:
            frame.activations += 1
            if frame.activations > 1:
                return
            if call.operation not in ("relu", "leaky_relu"):  # BalancedReLU's signs are before it
                argument = next(tensors_in(frame.arguments), argument)
        self.observer.activation(call, argument)

    def __torch_function__(self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        operation = getattr(func, "__name__", "operation").strip("_")
        if operation == "get":  # of a property, such as .T
            operation = getattr(func.__self__, "__name__", operation)
        operation = _ALIASES.get(operation, operation)
        call = self._call(operation, args, kwargs)
        if call:
            self._announce(call)
        result = func(*args, **kwargs)
        if not call:
            # An address may be that of a tensor that is no more.
            return result
        # What is assigned into a tensor, it depends on.
        results = list(tensors_in(result if operation != "setitem" else args[0]))
        pointwise = operation in ACTIVATIONS or operation in _ARITHMETIC
        roots = {id(maker.root): maker.root for maker in call.makers}
        layers = max(maker.layers for maker in call.makers) + operation.startswith(_LAYERS)
        for tensor in results:
            same = pointwise and len(roots) == 1 and next(iter(roots.values())).tensor.shape == tensor.shape
            made = Made(tensor, call.index, next(iter(roots.values())) if same else None, layers)
            self.made[id(tensor)] = made
            self.observer.after(call, made)
        self.count += bool(results)
        return result


def _require_visible(model: nn.Module) -> None:
    if not isinstance(model, nn.Module):
        raise ValueError(f"model: is a {type(model).__name__}; must be a torch.nn.Module")
    for name, module in model.named_modules():
        if isinstance(module, torch.jit.ScriptModule):
            raise ValueError(
                f"model: {name or 'it'} is TorchScript, whose operations cannot be seen; pass the module it was made of"
            )


def _not_compiled(model: nn.Module) -> AbstractContextManager[object]:
    """What torch.compile compiled runs as it is written, so that it can be seen."""
    set_stance = getattr(getattr(torch, "compiler", None), "set_stance", None)
    if set_stance:
        return cast(AbstractContextManager[object], set_stance("force_eager"))
    if any(hasattr(module, "_orig_mod") for module in model.modules()):
        raise ValueError("model: a part of it is compiled, whose operations this version of PyTorch does not show")
    return nullcontext()


@contextmanager
def _evaluating(model: nn.Module) -> Iterator[None]:
    training = [module for module in model.modules() if module.training]
    model.eval()
    try:
        yield
    finally:
        for module in training:
            module.training = True


@contextmanager
def _buffers_kept(model: nn.Module) -> Iterator[None]:
    """Running statistics and the like are afterwards what they were."""
    before = {module: dict(module._buffers) for module in model.modules()}
    kept = [
        (module, key, buffer, buffer.clone())
        for module, buffers in before.items()
        for key, buffer in buffers.items()
        if buffer is not None and not is_lazy(buffer)
    ]
    try:
        yield
    finally:
        for module, buffers in before.items():
            for key in module._buffers.keys() - buffers.keys():
                del module._buffers[key]
        for module, key, buffer, value in kept:
            buffer.copy_(value)
            module._buffers[key] = buffer


def run(model: nn.Module, inputs: Any, observer: Observer, *, evaluating: bool = False) -> Made:
    """Runs the model on a tensor, a tuple of arguments or a mapping of keywords, and returns its first output.

    With dropout off, if it is to be `evaluating`. Leaves the model as it was. Raises ValueError if a part of it cannot be seen.
    """
    _require_visible(model)
    names = {module: name.replace("_orig_mod", "").strip(".").replace("..", ".") for name, module in model.named_modules()}
    mode = _Mode(observer)

    def enter(module: nn.Module, arguments: tuple[Any, ...]) -> None:
        if module in names:
            parts = next(module.children(), None) is not None
            is_function = not parts and next(module.parameters(), None) is None
            own = type(module).__module__.startswith("torch.nn.")
            mode.frames.append(_Frame(names[module], not parts and (is_function or own), is_function, arguments))

    def leave(module: nn.Module, arguments: tuple[Any, ...], result: object) -> None:
        if module in names:
            mode.frames.pop()

    handles = [register_module_forward_pre_hook(enter), register_module_forward_hook(leave)]
    try:
        with torch.no_grad(), _not_compiled(model), _buffers_kept(model), _evaluating(model) if evaluating else nullcontext():
            mode.start(inputs)
            with mode:
                if isinstance(inputs, Mapping):
                    result = model(**inputs)
                elif isinstance(inputs, (tuple, list)):
                    result = model(*inputs)
                else:
                    result = model(inputs)
    finally:
        for handle in handles:
            handle.remove()
    for tensor in tensors_in(result):
        if tensor.is_floating_point() and id(tensor) in mode.made:
            return mode.made[id(tensor)]
    raise ValueError("model: its output does not depend on the inputs by operations that can be seen")


def unique(names: list[str]) -> list[str]:
    """The names, numbered where there are several."""
    counts = Counter(names)
    seen: Counter[str] = Counter()
    result = []
    for name in names:
        seen[name] += 1
        result.append(f"{name}#{seen[name]}" if counts[name] > 1 else name)
    return result
