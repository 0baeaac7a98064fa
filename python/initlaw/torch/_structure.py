"""What a model computes as sums of products with weights, functions of one number, and normalizations."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import torch

from ._trace import Call, Made, Observer, precise

#: A linear combination. Each scalar factor that a model writes ends up in a coefficient.
Terms = dict["Atom", float]


@dataclass(eq=False)
class Value:
    """A tensor of the forward pass."""

    terms: Terms
    index: int  #: of the operation that made it
    tensor: torch.Tensor  #: a copy
    layers: int  #: weight layers passed since the input, on the longest path
    multiple_of: Value | None = None  #: the tensor of which it is a multiple
    uses: int = 0  #: operations that read it

    @property
    def branching_point(self) -> Value:
        """The tensor of which this is a multiple that is read by another operation too; itself if there is none."""
        value: Value | None = self
        while value and value.uses < 2:
            value = value.multiple_of
        return value or self

    def proportional_to(self, terms: Terms) -> float | None:
        """The factor, or None if there is none."""
        if not terms or self.terms.keys() != terms.keys():
            return None
        factors = [self.terms[atom] / terms[atom] for atom in terms if terms[atom]]
        if not factors or any(not math.isclose(factor, factors[0], rel_tol=1e-5) for factor in factors):
            return None
        return factors[0]


@dataclass(eq=False)
class Atom:
    """What is no linear combination of something else."""

    index: int
    name: str
    arguments: list[Value]


@dataclass(eq=False)
class Constant(Atom):
    """A tensor that does not depend on the input."""

    tensor: torch.Tensor


@dataclass(eq=False)
class Weights(Atom):
    """A product with a matrix, of shape (features made, features read)."""

    weight: torch.Tensor
    bias: torch.Tensor | None  #: None if it is 0
    is_embedding: bool = False


@dataclass(eq=False)
class Pointwise(Atom):
    """A function of one number."""

    after: torch.Tensor
    leak: float | None  #: where its name says it


@dataclass(eq=False)
class Norm(Atom):
    """A vector of mean square 1: z sqrt(n)/||z||, of a LayerNorm after its mean was subtracted."""

    subtracts_mean: bool


@dataclass(eq=False)
class Centered(Atom):
    """A vector less its mean."""


@dataclass(eq=False)
class Unknown(Atom):
    """What is not read, and why."""

    why: str


#: They leave each number as it is.
_SAME_NUMBERS = frozenset(
    "clone contiguous data detach double dropout dropout1d dropout2d expand_as feature_dropout flatten float getitem reshape "
    "squeeze to type type_as unflatten unsqueeze view view_as".split()
)
#: Not what they seem to be in a small range: always, or where they compare with a number other than 0.
_BOUNDED = frozenset(("hardsigmoid", "hardswish", "hardtanh", "relu6"))
_COMPARISONS = frozenset("clamp clamp_max clamp_min ge gt le lt maximum minimum where".split())
_WORDS = {
    "avg_pool": "pooling", "adaptive": "pooling", "max_pool": "pooling", "batch_norm": "BatchNorm", "bmm": "attention",
    "conv": "a convolution", "group_norm": "GroupNorm", "instance_norm": "InstanceNorm", "multi_head": "attention",
    "scaled_dot": "attention", "log_softmax": "a softmax", "softmax": "a softmax", "transpose": "mixing of positions",
    "permute": "mixing of positions",
}  # fmt: skip


def _unread(operation: str) -> str:
    words = (word for start, word in _WORDS.items() if operation.startswith(start))
    return f"{next(words, operation)} is not read"


def _same_number(tensor: torch.Tensor) -> float | None:
    """The value of a tensor whose elements are all equal."""
    if tensor.numel() == 0 or tensor.is_complex():
        return None
    value = float(tensor.flatten()[0])
    return value if bool((tensor == value).all()) else None


def _factor(before: torch.Tensor, after: torch.Tensor) -> float | None:
    """c, if one tensor is c times the other, and numbers of both signs show it."""
    if not after.is_floating_point() or not bool((before > 0).any()) or not bool((before < 0).any()):
        return None
    one, other = before.double(), after.double()
    factor = float((one * other).sum() / one.square().sum())
    error = float((other - factor * one).abs().max())
    return factor if error <= _rounding(after) * float(other.abs().max()) else None


def _bases(value: Value) -> Iterator[Value]:
    """Tensors of which it is a function, number by number, the latest first: itself, unless it comes out of an activation."""
    base: Value | None = value
    while base and len(base.terms) == 1 and isinstance(atom := next(iter(base.terms)), Pointwise):
        (base,) = atom.arguments
    while base:
        yield base
        base = base.multiple_of


def _is_row(one: torch.Tensor, of: torch.Tensor) -> bool:
    """Whether a tensor has one number for each vector of another."""
    return bool(of.dim() > 1 and one.shape == (*of.shape[:-1], 1))


def _rounding(tensor: torch.Tensor) -> float:
    """The relative error of a few operations."""
    number = torch.finfo(tensor.dtype)
    return (100 if number.bits >= 32 else 4) * float(number.eps)


def _not_zero(bias: torch.Tensor | None) -> torch.Tensor | None:
    return bias if bias is not None and bool((bias != 0).any()) else None


class Structure(Observer):
    """Reads a forward pass: `values` are its tensors, in the order in which they were made."""

    def __init__(self) -> None:
        self._of: dict[Made, Value] = {}

    @property
    def values(self) -> list[Value]:
        return list(self._of.values())

    def __getitem__(self, made: Made) -> Value:
        return self._of[made]

    def before(self, call: Call) -> None:
        for maker in call.makers:
            known = self._of.get(maker)
            if known and torch.isclose(known.tensor, maker.tensor.detach().cpu(), 0, 0, equal_nan=True).all():
                continue
            copy = maker.tensor.detach().clone().cpu()
            if known:
                why = "what it reads was changed in place, as part of another tensor, which is not read"
                changed = Unknown(call.index, call.name, [known], why)
                self._of[maker] = Value({changed: 1.0}, call.index, copy, maker.layers)
            else:
                self._of[maker] = Value({Atom(-1, "the input", []): 1.0}, -1, copy, 0)

    def after(self, call: Call, made: Made) -> None:
        terms = self._terms(call, made)
        arguments = [self._of[maker] for maker in call.makers]
        for argument in arguments:
            argument.uses += 1
        multiple_of = arguments[0] if len(arguments) == 1 and arguments[0].terms.keys() == terms.keys() else None
        self._of[made] = Value(terms, call.index, made.tensor.detach().clone().cpu(), made.layers, multiple_of)

    def _terms(self, call: Call, made: Made) -> Terms:
        arguments = [self._of[maker] for maker in call.makers]
        first = arguments[0]
        operation = call.operation
        same_shape = made.tensor.numel() == first.tensor.numel() and made.tensor.shape[-1:] == first.tensor.shape[-1:]
        if operation in _SAME_NUMBERS and same_shape and not self._drops(call):
            return dict(first.terms)
        if operation in ("add", "sub", "rsub"):
            return self._sum(call, made)
        if operation in ("mul", "div") and not call.options.get("rounding_mode"):
            return self._product(call, made)
        if operation == "neg":
            return {atom: -factor for atom, factor in first.terms.items()}
        if operation in ("layer_norm", "rms_norm"):
            return self._normalized(call, made, operation == "layer_norm")
        is_of_vectors = call.options.get("dim", 1) in (-1, first.tensor.dim() - 1)
        if operation == "normalize" and is_of_vectors and call.options.get("p", 2) == 2:
            return {Norm(call.index, call.name, [first], False): first.tensor.shape[-1] ** -0.5}
        weights = self._weights(call, first) if len(arguments) == 1 else None
        if weights:
            return {weights: 1.0}
        if made.origin and not self._is_bounded(call):
            return self._pointwise(call, made)
        return self._unknown(call, f"{operation} is no activation that a Network has" if made.origin else _unread(operation))

    def _unknown(self, call: Call, why: str) -> Terms:
        return {Unknown(call.index, call.name, [self._of[maker] for maker in call.makers], why): 1.0}

    @staticmethod
    def _drops(call: Call) -> bool:
        if "dropout" not in call.operation:
            return False
        given = dict(zip(("p", "training"), call.arguments[1:], strict=False)) | call.options
        return bool(given.get("training", True)) and given.get("p", 0.5) > 0

    @staticmethod
    def _is_bounded(call: Call) -> bool:
        if call.operation not in _COMPARISONS:
            return call.operation in _BOUNDED
        variables = {id(maker.tensor) for maker in call.makers}
        given = (*call.arguments, *call.options.values())
        constants = (torch.as_tensor(each) for each in given if each is not None and id(each) not in variables)
        return any(bool((constant != 0).any()) for constant in constants)

    def _pointwise(self, call: Call, made: Made) -> Terms:
        parts = [atom for maker in call.makers for atom in self._of[maker].terms if atom not in self._of[made.root].terms]
        unread = next((atom for atom in parts if isinstance(atom, Unknown)), None)
        if unread:  # its numbers say nothing of others
            return {unread: 1.0}
        first, *others = ([*_bases(self._of[maker])] for maker in call.makers)
        argument = next((base for base in first if all(base in other for other in others)), self._of[made.root])
        factor = _factor(argument.tensor, made.tensor.cpu())
        if factor:
            return {atom: factor * coefficient for atom, coefficient in argument.terms.items()}
        return {Pointwise(call.index, call.name, [argument], made.tensor.detach().clone().cpu(), call.leak): 1.0}

    def _sum(self, call: Call, made: Made) -> Terms:
        one, other = call.arguments[:2]
        if len(call.makers) == 2 and call.operation == "sub" and _is_row(call.makers[1].tensor, made.tensor):
            if bool((made.tensor.mean(-1).abs() <= 1e-3 * made.tensor.abs().mean(-1)).all()):
                return {Centered(call.index, call.name, [self._of[call.makers[0]]]): 1.0}
        alpha = float(call.options.get("alpha", 1))
        scales = {"add": (1.0, alpha), "sub": (1.0, -alpha), "rsub": (-alpha, 1.0)}[call.operation]
        result: Terms = {}
        makers = list(call.makers)
        for operand, scale in zip((one, other), scales, strict=True):
            if isinstance(operand, torch.Tensor) and makers and operand is makers[0].tensor:
                terms = self._of[makers.pop(0)].terms
            else:
                constant = operand if isinstance(operand, torch.Tensor) else torch.tensor(float(operand))
                if not bool((constant != 0).any()):
                    continue
                if made.origin and constant.numel() == 1:
                    return self._pointwise(call, made)
                terms = {Constant(call.index, call.name, [], constant.detach().clone().cpu()): 1.0}
            for atom, factor in terms.items():
                result[atom] = result.get(atom, 0.0) + scale * factor
        if made.origin and any(isinstance(atom, Pointwise) for atom in result):
            return self._pointwise(call, made)
        return result

    def _product(self, call: Call, made: Made) -> Terms:
        one, other = call.arguments[:2]
        if len(call.makers) == 1:
            variable = self._of[call.makers[0]]
            constant = other if one is call.makers[0].tensor else one
            number = _same_number(constant) if isinstance(constant, torch.Tensor) else float(constant)
            inverse = call.operation == "div"
            if number is not None and not (inverse and constant is one):
                factor = 1 / number if inverse else number
                return {atom: factor * coefficient for atom, coefficient in variable.terms.items()}
        if made.origin:
            return self._pointwise(call, made)
        # A RMSNorm or a LayerNorm that is written out.
        for maker, by in zip(call.makers, reversed(call.makers), strict=True):
            if maker.tensor.shape == made.tensor.shape and _is_row(by.tensor, made.tensor):
                return self._written_out_norm(call, made, self._of[maker])
        return self._unknown(call, "a product of two features is not read")

    def _written_out_norm(self, call: Call, made: Made, argument: Value) -> Terms:
        atom = next(iter(argument.terms))
        subtracts_mean = len(argument.terms) == 1 and isinstance(atom, Centered)
        if subtracts_mean:
            (argument,) = atom.arguments
        root_mean_square = precise(made.tensor).square().mean(-1).sqrt()
        n = made.tensor.shape[-1]
        for unit in (1.0, n**-0.5):
            if bool(((root_mean_square / unit - 1).abs() < _EPSILON_EFFECT).all()):
                return {Norm(call.index, call.name, [argument], subtracts_mean): unit}
        return self._unknown(call, "a product of two features is not read")

    def _normalized(self, call: Call, made: Made, subtracts_mean: bool) -> Terms:
        names = ("normalized_shape", "weight", "bias", "eps") if subtracts_mean else ("normalized_shape", "weight", "eps")
        given = dict(zip(names, call.arguments[1:], strict=False)) | call.options
        weight = given.get("weight")
        factor = 1.0 if weight is None else _same_number(weight)
        if len(given["normalized_shape"]) != 1:
            return self._unknown(call, "a normalization of several dimensions is not read")
        if factor is None or _not_zero(given.get("bias")) is not None:
            return self._unknown(call, "a normalization whose weights are not all equal, or whose bias is not 0, is not read")
        root_mean_square = precise(made.tensor).square().mean(-1).sqrt()
        if factor and bool(((root_mean_square / factor).abs() < 1 - _EPSILON_EFFECT).any()):
            return self._unknown(call, "what it normalizes is 0, or not large beside its epsilon, and is not read")
        return {Norm(call.index, call.name, [self._of[call.makers[0]]], subtracts_mean): factor}

    @staticmethod
    def _weights(call: Call, argument: Value) -> Weights | None:
        def made(weight: torch.Tensor, bias: torch.Tensor | None = None, is_embedding: bool = False) -> Weights:
            return Weights(call.index, call.name, [argument], weight, _not_zero(bias), is_embedding)

        given, variable = call.arguments, call.makers[0].tensor
        if call.operation == "linear":
            options = dict(zip(("weight", "bias"), given[1:], strict=False)) | call.options
            return made(options["weight"], options.get("bias")) if given[0] is variable else None
        if call.operation in ("matmul", "mm") and given[0] is variable and given[1].dim() == 2:
            return made(given[1].t())
        if call.operation == "addmm" and given[1] is variable and not call.options:
            return made(given[2].t(), given[0])
        if call.operation == "embedding" and given[0] is variable:
            return made(given[1].t(), is_embedding=True)
        return None


#: The small number below the root makes a normalized vector shorter by at most this share.
_EPSILON_EFFECT = 0.05


@dataclass(frozen=True)
class Activation:
    """scale * phi(x), with phi an activation by its name in a Network."""

    name: str
    scale: float
    leak: float  #: of one that is positively homogeneous
    signs: torch.Tensor | None = None  #: of a BalancedReLU, for each number

    @property
    def is_homogeneous(self) -> bool:
        return self.name == "leaky-relu"

    def mean_square(self, deviation: float) -> float:
        """E (scale phi(deviation g))^2 of a standard normal g."""
        if self.is_homogeneous:
            return self.scale**2 * deviation**2 * (1 + self.leak**2) / 2
        nodes, weights = np.polynomial.hermite_e.hermegauss(100)
        phi = dict(reversed(_PHI))[self.name](torch.from_numpy(deviation * nodes)).numpy()
        return float(self.scale**2 * (weights * phi**2).sum() / weights.sum())


def _gelu_of_tanh(x: torch.Tensor) -> torch.Tensor:
    return 0.5 * x * (1 + torch.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))


_PHI: list[tuple[str, Callable[[torch.Tensor], torch.Tensor]]] = [
    ("gelu", torch.nn.functional.gelu),
    ("gelu", _gelu_of_tanh),
    ("silu", torch.nn.functional.silu),
    ("tanh", torch.tanh),
    ("erf", torch.erf),
]


def activation_of(atom: Pointwise) -> Activation | None:
    """The activation that makes one tensor of another, by their numbers; None if it is none that is known."""
    before, after = atom.arguments[0].tensor, atom.after
    rounding = _rounding(after)
    x, y = before.double().flatten(), after.double().flatten()
    by_name = None if atom.leak is None else Activation("leaky-relu", 1.0, atom.leak)
    x, y = x[x != 0], y[x != 0]
    # hi where s x > 0, else -lo, of y = hi s x or lo s x with a sign s for each number.
    slopes = y / x.abs()
    if not len(slopes):
        return by_name
    hi = float(slopes[slopes.abs().argmax()])
    is_active = (slopes - hi).abs() <= rounding * abs(hi)
    rest = slopes[~is_active]
    if hi and bool(((rest - rest[:1]).abs() <= rounding * abs(hi)).all()):
        if not len(rest) and bool((x.sign() == x[0].sign()).all()):
            return by_name  # no number says what happens on the other side
        leak = float(f"{-float(rest[0]) / hi:.6g}") if len(rest) else -1.0
        signs = torch.where(is_active, x.sign(), -x.sign())
        full = before.double().sign().masked_scatter(before != 0, signs)
        return Activation("leaky-relu", hi, leak, full if abs(leak) < 1 and bool((signs != signs[0]).any()) else None)
    if not bool(y.any()):
        return by_name
    fits = []
    for name, phi in _PHI:
        expected = phi(x)
        scale = float((y * expected).sum() / (expected**2).sum())
        fits.append((float((y - scale * expected).abs().max() / y.abs().max()), name, scale))
    error, name, scale = min(fits)
    return Activation(name, 1.0 if abs(scale - 1) <= rounding else scale, 0.0) if error <= rounding else None


def ancestors(value: Value) -> list[Atom]:
    """What a tensor is made of, and what that is made of, in the order in which it was computed."""
    found: dict[Atom, None] = {}
    waiting = [value]
    while waiting:
        for atom in waiting.pop().terms:
            if atom not in found:
                found[atom] = None
                waiting += atom.arguments
    return sorted(found, key=lambda atom: atom.index)
