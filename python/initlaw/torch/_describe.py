"""Which Network a model is."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from .. import _core
from ._stream import Branch, Reading, Unreadable, read, where
from ._structure import Activation, Constant, Norm, Pointwise, Weights, activation_of
from ._weights import WeightLaw, is_constant, law_of_numbers, weight_law


@dataclass
class Block:
    """A residual branch, as it stands in its model."""

    name: str
    alpha: float
    lambda_: float  #: of weights scaled as a Network's, so that E||branch||^2 = lambda^2 ||what it reads||^2
    error: float  #: of lambda, as it is estimated from weights; relative
    branch: str  #: "activation-first" or "linear-first"
    branch_depth: int
    branch_width: int
    norm: str  #: "none", "LayerNorm" or "RMSNorm"
    activation: str
    leak: float
    gain: float  #: the standard deviation of what an activation reads that is not positively homogeneous; else 1
    signs: torch.Tensor | None  #: of a BalancedReLU, for each neuron
    weights: str  #: their law

    def __str__(self) -> str:
        activation = _shown(self)
        if self.signs is not None:
            activation += " of random signs"
        if self.gain != 1:
            activation += f" of numbers of standard deviation {self.gain:.4g}"
        error = f" ± {self.lambda_ * self.error:.1g}" if self.error > 1e-4 else ""
        norm = "" if self.norm == "none" else f"{self.norm} first, "
        return (
            f"alpha {self.alpha:.4g}, lambda {self.lambda_:.4g}{error}, {norm}{self.branch}, {activation}, "
            f"{self.branch_depth} x {self.weights} weights"
            + (f", inner width {self.branch_width}" if self.branch_depth > 1 else "")
        )


def _shown(block: Block) -> str:
    """Its activation."""
    if block.activation != "leaky-relu":
        return block.activation
    return f"leaky-relu of slope {block.leak:.4g}" if block.leak else "relu"


@dataclass(repr=False)
class Description:
    """What describe() read: a stream of `width` numbers, the blocks that add to it, and how it starts and ends."""

    width: list[int]  #: of z_0, ..., z_d
    inputs: int  #: of the Network, whose first weights make z_0
    outputs: int  #: 0 if the model ends with z_d, or by what is not read
    blocks: list[Block]
    input: NDArray[np.float64]  #: what gives z_0 its mean square in the Network, shape (inputs,)
    output_scale: float  #: z_out of the model over that of the Network
    final_norm: bool
    start: str  #: "gaussian", "orthogonal" or "given"
    flip: float  #: the share of signs that differ from those of the block before
    biases: list[str]  #: modules whose biases are not 0
    notes: list[str]  #: what a Network leaves out, though its law is near
    unread: list[str]  #: what is not read, and why
    lawless: list[str]  #: why what is read is no Network
    initializations: dict[str, str] = field(default_factory=dict)  #: of weights, where they are known by a name

    @property
    def depth(self) -> int:
        return len(self.blocks)

    @property
    def problems(self) -> list[str]:
        """Why there is no Network."""
        return self.unread + self.lawless

    def network(self) -> _core.Network:
        """The Network that has this model's law; raises ValueError with the first reason why there is none."""
        if self.problems:
            raise ValueError(f"model: {self.problems[0]}")
        return _network(self)

    def __bool__(self) -> bool:
        return not self.problems

    def __repr__(self) -> str:
        return f"Description({len(self.blocks)} blocks, width {self.width[0] if self.width else 0}" + (
            f", no Network: {self.problems[0]})" if self.problems else ")"
        )

    def __str__(self) -> str:
        lines = []
        if self.blocks:
            widths = f"width {self.width[0]}" if len(set(self.width)) == 1 else f"widths {self.width}"
            lines.append(
                f"Model     {widths}, depth {self.depth}, {self.inputs} inputs, "
                + (f"{self.outputs} outputs" if self.outputs else "no output layer that is read")
                + (", normalized before the output" if self.final_norm else "")
            )
            lines.append(f"Start     {self.start}, E||z_0||^2/n = {np.square(self.input).mean():.4g}")
            shown = [str(block) for block in self.blocks]
            for k, text in enumerate(shown):
                if k and text == shown[k - 1]:
                    continue
                last = max(j for j in range(k, len(shown)) if all(other == text for other in shown[k : j + 1]))
                names = self.blocks[k].name if last == k else f"{self.blocks[k].name} to {self.blocks[last].name}"
                lines.append(f"Blocks    {names}: {text}")
            lines += [f"Weights   {name}: {known_as}" for name, known_as in self.initializations.items()]
        lines += [f"Note      {note}" for note in self.notes]
        lines += [f"Not read  {why}" for why in self.unread[:3]]
        lines += [f"          and {len(self.unread) - 3} more"] if len(self.unread) > 3 else []
        lines += [f"No law    {why}" for why in self.lawless]
        return "\n".join(lines)


def _network(found: Description) -> _core.Network:
    first = found.blocks[0]
    fields: dict[str, object] = {"depth": found.depth, "inputs": found.inputs, "outputs": max(found.outputs, 1)}
    constant = len(set(found.width)) == 1
    fields["width"] = found.width[0] if constant else found.width
    is_fully_connected = not any(block.alpha for block in found.blocks)
    leak = {"leak": first.leak} if first.activation == "leaky-relu" and first.leak else {}
    if is_fully_connected and (
        not constant or all(math.isclose(b.lambda_, 1, rel_tol=1e-4 + 4 * b.error) for b in found.blocks)
    ):
        return _core.network(family="fully-connected", **fields, **leak)

    def schedule(values: list[float]) -> float | list[float]:
        return values[0] if all(math.isclose(value, values[0], rel_tol=1e-6) for value in values) else values

    fields["alpha"] = schedule([block.alpha for block in found.blocks])
    fields["lambda"] = schedule([block.lambda_ for block in found.blocks])
    fields["branch"], fields["branch_depth"] = first.branch, first.branch_depth
    if first.branch_depth > 1 and first.branch_width != found.width[0]:
        fields["branch_width"] = first.branch_width
    if first.norm != "none":
        fields["norm"] = "final" if found.final_norm else "pre"
    fields["activation"] = first.activation
    if first.weights == "orthogonal":
        fields["weights"] = "orthogonal"
    if found.start != "gaussian":
        fields["input_layer"] = "orthogonal"
    if found.flip not in (0, 0.5):
        fields["flip"] = found.flip
    return _core.network(family="balanced" if found.flip == 0.5 else "vanilla", **fields, **leak)


def _flip(signs: list[torch.Tensor]) -> float:
    """The share of signs that change from block to block: 0 and 1/2 where nothing speaks against them."""
    changed = [float((one != other).double().mean()) for one, other in zip(signs[1:], signs, strict=False)]
    share = float(np.mean(changed)) if changed else 0.5
    return 0.5 if abs(share - 0.5) < 2 / math.sqrt(len(signs) * len(signs[0])) else share


def _first_position(tensor: torch.Tensor) -> torch.Tensor:
    return tensor.reshape(-1, tensor.shape[-1])[0].double()


def _largest_share(atom: Weights) -> float:
    """About the largest number's share in ||x||^2, x being what weights read."""
    squares = torch.ones(1) if atom.is_embedding else _first_position(atom.arguments[0].tensor).square()
    return float(squares.square().sum() / squares.sum() ** 2)


def _is_gaussian(constant: Constant) -> bool:
    numbers = _first_position(constant.tensor)
    return law_of_numbers(numbers / numbers.square().mean().sqrt()) == "gaussian"


def _start(reading: Reading, made_by: list[Weights], notes: list[str]) -> tuple[str, int, float]:
    """The kind of z_0, the Network's inputs, and E||z_0||^2/n."""
    z = reading.stream[0]
    laws = [weight_law([atom.weight]) for atom in made_by]
    measured = float(_first_position(z.tensor).square().mean())
    isometric = all(
        law.name == "orthogonal" and a.weight.shape[0] >= a.weight.shape[1] for a, law in zip(made_by, laws, strict=True)
    )
    added = [atom for atom in reading.start if isinstance(atom, Constant)]  # position embeddings
    if len(made_by) + len(added) < len(reading.start) or not made_by or not all(map(_is_gaussian, added)):
        return "given", 1, measured
    if len(reading.start) == 1 and isometric:
        return "orthogonal", made_by[0].weight.shape[1], measured
    mean_square = sum(z.terms[atom] ** 2 * float(_first_position(atom.tensor).square().mean()) for atom in added)
    for atom, law in zip(made_by, laws, strict=True):
        reads = 1.0 if atom.is_embedding else float(_first_position(atom.arguments[0].tensor).square().sum())
        mean_square += z.terms[atom] ** 2 * law.variances[0] * reads
        if law.name == "uniform" and _largest_share(atom) > 0.05:
            notes.append(f"{where(atom)}: its uniform weights read few numbers, so that the start is not Gaussian")
    one = made_by[0]
    return "gaussian", 1 if len(reading.start) > 1 or one.is_embedding else one.weight.shape[1], mean_square


_PARTS: dict[type, str] = {Norm: "normalization", Weights: "weights", Pointwise: "activation"}


def _block(branch: Branch, laws: list[WeightLaw], variances: list[float]) -> Block:
    """Raises Unreadable if the branch is none of a Network's."""
    chain = list(branch.chain)
    norm, scale = "none", 1.0
    factors = list(branch.factors)
    if isinstance(chain[0], Norm):
        norm = "LayerNorm" if chain[0].subtracts_mean else "RMSNorm"
        del chain[0], factors[0]
    kinds = [type(atom) for atom in chain]
    alternate = all(one is not other for one, other in zip(kinds, kinds[1:], strict=False))
    if Norm in kinds or not kinds or kinds[-1] is not Weights or not alternate or not set(kinds) <= _PARTS.keys():
        what = " ".join(_PARTS.get(kind, "a subtracted mean") for kind in kinds)
        raise Unreadable(f"{branch.name}: its branch is {what}; a Network's ends with weights, and alternates with activations")
    weights = iter(variances)
    error = math.sqrt(sum(law.error**2 for law in laws)) / 2
    found: list[Activation] = []
    gain = 1.0
    for atom, factor in zip(chain, factors, strict=True):
        scale *= abs(factor)
        if isinstance(atom, Weights):
            scale *= math.sqrt(next(weights) * atom.weight.shape[1])
            continue
        assert isinstance(atom, Pointwise)
        activation = activation_of(atom)
        if activation is None and not bool((atom.arguments[0].tensor != 0).any()):
            raise Unreadable(f"{where(atom)}: reads 0 alone, which does not say what its function is; another input may")
        if activation is None and not bool(atom.after.isfinite().all()):
            raise Unreadable(f"{where(atom)}: makes numbers that are not finite")
        if activation is None:
            raise Unreadable(f"{where(atom)}: its function is no activation that a Network has")
        found.append(activation)
        if not activation.is_homogeneous and abs(scale - 1) > 0.03 + 4 * error:
            gain = scale
        scale = math.sqrt(activation.mean_square(scale if activation.is_homogeneous or gain != 1 else 1.0))
    if not found:
        found = [Activation("leaky-relu", 1.0, 1.0)]
    names = {(activation.name, round(activation.leak, 6)) for activation in found}
    if len(names) > 1:
        raise Unreadable(f"{branch.name}: has several activations in a branch")
    inner = {atom.weight.shape[0] for atom in branch.weights[:-1]}
    if len(inner) > 1:
        raise Unreadable(f"{branch.name}: has several inner widths")
    last = branch.weights[-1].weight
    kind_of_weights = {law.name for law in laws}
    return Block(
        branch.name,
        float(f"{branch.alpha:.7g}"),
        abs(branch.factor) * scale,
        error,
        "activation-first" if kinds[0] is Pointwise or len(branch.weights) == 1 else "linear-first",
        len(branch.weights),
        inner.pop() if inner else last.shape[0],
        norm,
        found[0].name,
        found[0].leak,
        gain,
        found[0].signs,
        kind_of_weights.pop() if len(kind_of_weights) == 1 else "mixed",
    )


def _laws(branches: list[Branch]) -> list[list[WeightLaw]]:
    """The laws of each branch's matrices; those that play the same part are judged together."""
    activation = activation_of(branches[0].activations[0]) if branches and branches[0].activations else None
    leak = activation.leak if activation else 0.0
    shapes = {tuple(tuple(atom.weight.shape) for atom in branch.weights) for branch in branches}
    if len(shapes) != 1 or any(is_constant(atom.weight) for branch in branches for atom in branch.weights):
        return [[weight_law([atom.weight], leak) for atom in branch.weights] for branch in branches]
    together = [weight_law([branch.weights[j].weight for branch in branches], leak) for j in range(len(branches[0].weights))]
    return [together for _ in branches]


def _differences(blocks: list[Block]) -> list[str]:
    """Fields in which blocks differ that a Network has once."""
    first = blocks[0]

    def differ(one: str | float, other: str | float) -> bool:
        if isinstance(one, str) or isinstance(other, str):
            return one != other and "constant" not in (one, other)
        return not math.isclose(one, other, rel_tol=0.03, abs_tol=1e-5)

    names = ["branch", "branch_depth", "norm", "activation", "leak", "gain", "weights"]
    names += ["branch_width"] if first.branch_depth > 1 else []
    problems = []
    for name in names:
        wanted = getattr(first, name)
        other = next((block for block in blocks if differ(getattr(block, name), wanted)), None)
        if other:
            found = getattr(other, name)
            problems.append(f"{other.name}: {name} is {found}, that of {first.name} is {wanted}; a Network's blocks are alike")
    return problems


def describe(model: nn.Module, inputs: Any) -> Description:
    """Reads from one forward pass, with dropout off, which Network a model is, or the first module that is not read, and why.

    `inputs` is a tensor, a tuple of arguments or a mapping of keywords; of several positions (tokens) the first is read, and so
    is the first input. Read are residual blocks `z = alpha z + lambda branch(z)`, however they are written, whose branch is a
    LayerNorm or RMSNorm or neither, and then weights and activations in turns, and nets without skip path. Scales and laws are
    those of the weights that the model has. What is read, and what is in the way, is in the answer, which is true if
    `network()` makes a Network.
    """
    return describe_reading(read_or_why(model, inputs))


def read_or_why(model: nn.Module, inputs: Any) -> Reading:
    """As read(), but a model that has no stream is one problem."""
    try:
        return read(model, inputs)
    except Unreadable as error:
        return Reading([], [], None, None, 1.0, False, [], [str(error)], [])


def describe_reading(reading: Reading) -> Description:
    """Adds what the weights say."""
    found = Description(
        [int(value.tensor.shape[-1]) for value in reading.stream],
        1,
        0,
        [],
        np.zeros(1),
        1.0,
        reading.final_norm,
        "given",
        0.0,
        [],
        list(reading.notes),
        list(dict.fromkeys(reading.problems)),
        [],
    )
    laws = _laws(reading.branches)
    for k, (branch, of_branch) in enumerate(zip(reading.branches, laws, strict=True)):
        try:
            found.blocks.append(_block(branch, of_branch, [law.variances[k % len(law.variances)] for law in of_branch]))
        except Unreadable as error:
            found.unread.append(str(error))
    if not found.blocks:
        return found
    start = [atom for atom in reading.start if isinstance(atom, Weights)]
    within = [atom for branch in reading.branches for atom in branch.weights]
    head = [] if reading.head is None else [reading.head]
    found.start, found.inputs, mean_square = _start(reading, start, found.notes)
    found.input = np.full(found.inputs, math.sqrt(mean_square))
    if reading.head is not None:
        (variance,) = weight_law([reading.head.weight]).variances
        found.outputs = reading.head.weight.shape[0]
        found.output_scale = abs(reading.head_factor) * math.sqrt(variance * reading.head.weight.shape[1])
    for weights, law in zip(reading.branches[0].weights, laws[0], strict=True):
        if law.known_as:
            found.initializations[where(weights)] = law.known_as
        if law.mean_error > 5:
            found.lawless.append(f"{where(weights)}: the mean of its weights is not 0")
    _judge_signs(found)
    _judge_blocks(found)
    _judge_weights(found, [*start, *within, *head])
    found.unread = list(dict.fromkeys(found.unread))
    if not found.problems:
        try:
            found.network()
        except ValueError as error:
            found.lawless.append(str(error))
    return found


def _judge_signs(found: Description) -> None:
    signs = [block.signs for block in found.blocks if block.signs is not None]
    if len(signs) == len(found.blocks):
        found.flip = _flip([_first_position(sign) for sign in signs])
    elif signs:
        found.lawless.append("some blocks have random signs, and some have not")


def _judge_blocks(found: Description) -> None:
    """Whether there is a Network with these blocks."""
    first = found.blocks[0]
    found.lawless += _differences(found.blocks)
    if len(set(found.width)) > 1:
        other = next(
            (block for block in found.blocks if not math.isclose(block.lambda_, 1, rel_tol=1e-4 + 4 * block.error)), None
        )
        if other:
            found.lawless.append(
                f"{other.name}: lambda is {other.lambda_:.4g}; a net of several widths has 1, as by Kaiming's initialization"
            )
    if first.activation != "leaky-relu" and first.norm == "none":
        found.lawless.append(
            f"{first.name}: {first.activation} without normalization before it depends on the input's size, and has no law"
        )
    if first.gain != 1:
        found.lawless.append(
            f"{first.name}: {first.activation} reads numbers of standard deviation {first.gain:.3g}; a Network's have 1"
        )
    if found.start == "given" and first.branch == "activation-first":
        found.lawless.append(
            "the stream does not start with weights alone, so its direction is not random, as an activation needs it"
        )
    is_even = first.activation in ("tanh", "erf") or abs(first.leak) == 1  # its square
    if first.norm == "LayerNorm" and first.branch == "activation-first" and not is_even:
        found.lawless.append(
            f"{first.name}: a LayerNorm before {_shown(first)} has no law, as the mean that it subtracts is what layers "
            "remember; RMSNorm has one"
        )
    elif first.norm == "LayerNorm":
        found.notes.append("LayerNorm subtracts the mean, so that the width counts as one less")
    if first.weights in ("uniform", "truncated normal", "other", "mixed"):
        laws = "not all Gaussian" if first.weights == "mixed" else first.weights
        found.notes.append(f"weights are {laws}: their law is that of Gaussian ones to leading order in 1/width")


def _judge_weights(found: Description, weights: list[Weights]) -> None:
    """Whether matrices are random, independent, and alone."""
    first_use: dict[int, Weights] = {}
    first_of_numbers: dict[tuple[float, ...], Weights] = {}
    for atom in weights:
        first = first_use.setdefault(atom.weight.data_ptr(), atom)
        if first is not atom:
            found.unread.append(f"{where(first)}: its weights are used several times; a Network's are independent")
            continue
        if is_constant(atom.weight):
            found.lawless.append(f"{where(atom)}: its weights all are {float(atom.weight.flatten()[0]):.3g}")
            continue
        like = first_of_numbers.setdefault(tuple(atom.weight[0].tolist()), atom)  # deep copies begin alike
        if like is not atom and torch.equal(like.weight, atom.weight):
            found.unread.append(f"{where(atom)}: its weights equal those of {where(like)}; a Network's are independent")
    found.biases = [where(atom) for atom in weights if atom.bias is not None]
    if found.biases:
        others = f" and {len(found.biases) - 1} others" if len(found.biases) > 1 else ""
        found.lawless.append(f"{found.biases[0]}{others}: the bias is not 0, and no law has one; nn.init.zeros_ makes it so")
