"""Is a model's initialization that of a network?"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import nn

from .. import _core
from ._describe import Block, Description, describe_reading, read_or_why
from ._stream import Reading, where
from ._structure import Weights, activation_of
from ._trace import Call, Made, Observer, batch_size, precise, run

if TYPE_CHECKING:
    import pandas

_GROWTH = "mean growth of ln||z||^2"
_ADDED = "ln of the mean ||z||^2 that it adds"
_TOTAL = "mean growth of ln||z||^2 over all blocks"
_START = "mean of ln||z_0||^2"
#: One number of each layer, which no other layer's scales change.
MEANS = (_START, _GROWTH, _ADDED)
_VARIANCE = "variance of ln||z||^2"
_S = "n E[S]"
_ACTIVE = "active fraction"
_DEAD = "share of networks where it is 0"


@dataclass(frozen=True)
class Departure:
    """One quantity of one layer: measured in the model's initializations, and its mean in as many of the network's."""

    layer: str
    quantity: str
    model: float
    law: float
    std_error: float  #: the standard deviation of `model` in the law
    p_value: float  #: of the largest of all departures, in standard errors, to be as large as this one

    def __str__(self) -> str:
        return (
            f"{self.layer}: {self.quantity} is {self.model:.5g}, in the law {self.law:.5g} ± {self.std_error:.2g} "
            f"(p = {self.p_value:.2g})"
        )


@dataclass(repr=False)
class Check:
    """The outcome of check(), true if the initialization follows the law: every comparison, and what they mean."""

    departures: list[Departure]
    level: float  #: the probability that a right initialization fails
    unlike: list[str]  #: in what the model is another kind of network, so that nothing was compared
    diagnoses: list[str]  #: what the failures mean
    notes: list[str] = field(default_factory=list)  #: what may be behind a failure

    @property
    def failures(self) -> list[Departure]:
        return [departure for departure in self.departures if departure.p_value <= self.level]

    def __bool__(self) -> bool:
        return not self.unlike and not self.failures

    def __repr__(self) -> str:
        """All that there is to say, as `assert outcome, outcome` shows it."""
        return str(self)

    def __str__(self) -> str:
        if self.unlike:
            lines = ["The model is not this network:", *self.unlike]
        elif self:
            smallest = min(departure.p_value for departure in self.departures)
            return f"The initialization follows the law: {len(self.departures)} comparisons, smallest p-value {smallest:.2g}"
        else:
            count = f"{len(self.failures)} of {len(self.departures)} comparisons"
            lines = [f"The initialization departs from the law in {count}:", *self.diagnoses]
        return "\n  ".join(lines + [f"note: {note}" for note in self.notes])

    def to_dataframe(self) -> pandas.DataFrame:
        """A row for each comparison."""
        import pandas

        return pandas.DataFrame([vars(departure) for departure in self.departures])


class _Sampled(Observer):
    """Copies of the tensors that certain operations make."""

    def __init__(self, indices: set[int]) -> None:
        self.indices = indices
        self.tensors: dict[int, torch.Tensor] = {}
        self.names: dict[int, str] = {}

    def before(self, call: Call) -> None:
        for maker in call.makers:
            if maker.index in self.indices and maker.index not in self.tensors:
                self.tensors[maker.index] = precise(maker.tensor.detach()).flatten()

    def after(self, call: Call, made: Made) -> None:
        if call.index in self.indices and call.index not in self.tensors:
            self.tensors[call.index] = precise(made.tensor.detach().clone()).flatten()
            self.names[call.index] = call.name


@dataclass(frozen=True)
class _Plan:
    """Which operations make z_0, ..., z_d, z_out, and the numbers behind each activation that comes first."""

    stream: list[int]
    output: int | None
    activations: list[tuple[int, int]]  #: what goes in, and what comes out
    mean_square: float  #: of what comes out, for a standard normal that goes in
    threshold: float | None  #: of |phi(z)/z|, above which a neuron is active, if any is
    names: list[str]  #: of the layers


def _plan(reading: Reading, found: Description) -> _Plan:
    stream = [value.index for value in reading.stream]
    output = None if reading.output is None else reading.output.index
    activations: list[tuple[int, int]] = []
    mean_square, threshold = 1.0, None
    activation = activation_of(reading.branches[0].activations[0]) if reading.branches[0].activations else None
    if activation and found.blocks[0].branch == "activation-first":
        firsts = [branch.activations[0] for branch in reading.branches]
        activations = [(atom.arguments[0].index, atom.index) for atom in firsts]
        mean_square = activation.mean_square(1)
        if activation.is_homogeneous and abs(activation.leak) < 1:
            threshold = abs(activation.scale) * (1 + abs(activation.leak)) / 2
    start = where(reading.start[0]) if reading.start else "the input"
    head = [] if reading.head is None else [where(reading.head)]
    return _Plan(
        stream, output, activations, mean_square, threshold, [start, *(branch.name for branch in reading.branches), *head]
    )


@dataclass
class _Sample:
    log_norm2: list[float]  #: of z_0, ..., z_d, z_out
    S: list[float]
    active: list[float]


def _sample(model: nn.Module, inputs: Any, plan: _Plan) -> _Sample:
    output = [] if plan.output is None else [plan.output]
    sampled = _Sampled({*plan.stream, *output, *(index for pair in plan.activations for index in pair)})
    run(model, inputs, sampled, evaluating=True)
    try:
        stream = [sampled.tensors[index] for index in [*plan.stream, *output]]
        activations = [(sampled.tensors[before], sampled.tensors[after]) for before, after in plan.activations]
    except KeyError:
        raise ValueError("make_model: its models compute different things") from None
    square = [float(z.square().sum()) for z in stream]
    S, active = [], []
    for z, phi in activations:
        norm2 = float(z.square().sum())
        S.append(float(phi.square().sum()) / norm2 / plan.mean_square - 1 if norm2 else 0.0)
        if plan.threshold is not None:
            active.append(float((phi.abs() > plan.threshold * z.abs()).double().mean()))
    return _Sample([math.log(value) if value else -math.inf for value in square], S, active)


#: One row of numbers for a set of initializations: of each (layer, quantity).
_Statistics = dict[tuple[int, str], float]


def _alphas(network: _core.Network) -> list[float]:
    return [float(alpha) for alpha in np.broadcast_to(network.alpha, network.depth)]


def _mean_growths(means: list[float], network: _core.Network) -> _Statistics:
    """Of means of ln||z||^2 in each layer: one number for each that no other layer's scales change."""
    d = network.depth
    result: _Statistics = {(0, _START): means[0]}
    for layer, alpha in enumerate(_alphas(network), 1):
        if network.norm == "none":
            result[layer, _GROWTH] = means[layer] - means[layer - 1]
        else:  # a normalized branch adds as much to any stream
            before, after = (math.exp(mean) for mean in means[layer - 1 : layer + 1])
            result[layer, _ADDED] = math.log(max(after - alpha**2 * before, 1e-6 * after))
    if len(means) > d + 1:
        result[d + 1, _GROWTH] = means[-1] - (0.0 if network.norm == "final" else means[-2])
    if d > 1:
        result[d, _TOTAL] = means[d] - means[0]
    return result


def _of_model(samples: list[_Sample], network: _core.Network) -> _Statistics:
    rows = np.array([sample.log_norm2 for sample in samples])
    alive = np.isfinite(rows).all(axis=1)
    result: _Statistics = {(rows.shape[1] - 1, _DEAD): 1 - float(alive.mean())}
    if not alive.any():  # the output layer's weights may be 0, and all before it right
        rows = rows[:, : network.depth + 1]
        alive = np.isfinite(rows).all(axis=1)
    rows = rows[alive]
    if not len(rows):
        return result
    result |= _mean_growths(rows.mean(axis=0).tolist(), network)
    if len(rows) > 1:
        result |= {(layer, _VARIANCE): float(value) for layer, value in enumerate(rows.var(axis=0, ddof=1))}
    living = [sample for sample, lives in zip(samples, alive, strict=True) if lives]
    widths = np.broadcast_to(network.width, network.depth + 1)
    for layer in range(len(living[0].S)):
        result[layer, _S] = widths[layer] * float(np.mean([sample.S[layer] for sample in living]))
    for layer in range(len(living[0].active)):
        result[layer, _ACTIVE] = float(np.mean([sample.active[layer] for sample in living]))
    return result


def _of_law(network: _core.Network, x: NDArray[np.float64], count: int, seed: int, has_output: bool) -> _Statistics:
    ensemble = _core.simulate(network, x, count, seed, "fast", "float", "plain", 0, [], None, None)
    d, widths = network.depth, np.broadcast_to(network.width, network.depth + 1)
    result: _Statistics = {(d + has_output, _DEAD): ensemble.dead / count}
    if ensemble.dead == count:
        return result
    z_d = ensemble.growth.mean.value + math.log(widths[d]) + math.log(np.square(x).sum() / network.inputs)
    out = [ensemble.log_output_norm2] if has_output else []
    means = [*ensemble.log_norm2_mean.value, z_d, *(moments.mean.value for moments in out)]
    result |= _mean_growths([float(mean) for mean in means], network)
    if count - ensemble.dead > 1:
        variances = [*ensemble.log_norm2_variance.value, ensemble.growth.variance.value, *(m.variance.value for m in out)]
        result |= {(layer, _VARIANCE): float(value) for layer, value in enumerate(variances)}
    result |= {(layer, _S): float(value) for layer, value in enumerate(ensemble.hypoactivation.value)}
    result |= {(layer, _ACTIVE): float(value) for layer, value in enumerate(ensemble.active_fraction.value)}
    return result


@functools.lru_cache(maxsize=16)
def _repeated(network: str, x: bytes, count: int, times: int, has_output: bool) -> list[_Statistics]:
    """What as many initializations of a network (JSON) show, over and over. Kept, as tests check many models against one."""
    law = _core.network_from_json(network)
    return [_of_law(law, np.frombuffer(x), count, seed, has_output) for seed in range(1, times + 1)]


_ROUNDING = 1e-5  #: of a logarithm, or relative


def _compare(model: _Statistics, law: list[_Statistics], names: list[str]) -> list[Departure]:
    """An exact test, as model and law are exchangeable under the null hypothesis: the rank of the largest departure."""
    keys = [key for key in law[0] if key in model]
    rows = np.array([[statistics.get(key, np.nan) for key in keys] for statistics in [model, *law]])
    # Of a variance the logarithm, which is less skew.
    is_variance = [quantity == _VARIANCE for _, quantity in keys]
    rows[:, is_variance] = np.log(rows[:, is_variance] + _ROUNDING**2)
    # What does not vary may differ by the rounding of floats.
    spread = np.hypot(np.nanstd(rows, axis=0, ddof=1), _ROUNDING * (1 + np.abs(rows[0])))
    z = np.nan_to_num(np.abs(rows - np.nanmean(rows, axis=0)) / spread, nan=0.0)
    largest = z.max(axis=1)
    departures = []
    for column, (layer, quantity) in enumerate(keys):
        of_law = np.array([statistics.get((layer, quantity), np.nan) for statistics in law])
        p_value = float((largest >= z[0, column] * (1 - 1e-12)).mean())
        departures.append(
            Departure(
                names[layer],
                quantity,
                model[layer, quantity],
                float(np.nanmean(of_law)),
                float(np.nanstd(of_law, ddof=1)),
                p_value,
            )
        )
    return departures


def _unlike(found: Description, network: _core.Network) -> list[str]:
    """In what a model is another kind of network."""
    if found.unread:
        return [f"{found.unread[0]}; measure() takes any model"]
    first = found.blocks[0]
    wanted_widths = np.broadcast_to(network.width, network.depth + 1).tolist()
    problems = []
    if found.depth != network.depth:
        problems.append(f"it has {found.depth} blocks, the network {network.depth}")
    elif found.width != wanted_widths:
        problems.append(f"its widths are {found.width}, those of the network {wanted_widths}")
    if found.outputs and found.outputs != network.outputs:
        problems.append(f"it has {found.outputs} outputs, the network {network.outputs}")
    if first.branch != network.branch:
        problems.append(f"{first.name}: the branch is {first.branch}, that of the network {network.branch}")
    if first.branch_depth != network.branch_depth:
        problems.append(
            f"{first.name}: the branch has {first.branch_depth} weight layers, that of the network {network.branch_depth}"
        )
    elif first.branch_depth > 1 and first.branch_width != network.branch_width:
        problems.append(f"{first.name}: the inner width is {first.branch_width}, that of the network {network.branch_width}")
    norm = "none" if first.norm == "none" else "final" if found.final_norm else "pre"
    if norm != network.norm:
        said = {
            "none": "no normalization",
            "pre": "normalization before each branch",
            "final": "normalization before each branch and before the output",
        }
        problems.append(f"{first.name}: the model has {said[norm]}, the network {said[network.norm]}")
    if first.activation != network.activation:
        problems.append(f"{first.name}: the activation is {first.activation}, that of the network {network.activation}")
    elif not math.isclose(first.leak, network.leak, abs_tol=1e-4):
        problems.append(
            f"{first.name}: the activation's slope below 0 is {first.leak:.3g}, that of the network {network.leak:.3g}"
        )
    return problems


@dataclass(frozen=True)
class _Scale:
    """A scale of a block that differs from the network's."""

    name: str
    value: float
    wanted: float

    def __str__(self) -> str:
        if self.name == "lambda":
            return f"grows as if lambda were {self.value:.2g}, not {self.wanted:.2g}"
        return f"{self.name} is {self.value:.3g}, not {self.wanted:.3g}"


def _scales(failure: Departure, layer: int, block: Block, network: _core.Network, before: float) -> list[_Scale]:
    """What explains that layer `layer` is off; `before` is the model's ||z||^2 of the layer before."""
    alpha = _alphas(network)[layer - 1]
    lambda_ = float(np.broadcast_to(network.lambda_, network.depth)[layer - 1])
    if network.family == "stable":
        lambda_ /= math.sqrt(network.depth)
    if failure.quantity == _ADDED:
        added = math.exp(failure.model) + (alpha**2 - block.alpha**2) * before
        as_if = lambda_ * math.sqrt(max(added, 0) / math.exp(failure.law))
    else:
        grown = (alpha**2 + lambda_**2) * math.exp(failure.model - failure.law)
        as_if = math.sqrt(max(grown - block.alpha**2, 0))
    scales = [] if math.isclose(block.alpha, alpha, rel_tol=1e-3) else [_Scale("alpha", block.alpha, alpha)]
    return scales if scales and math.isclose(as_if, lambda_, rel_tol=0.1) else [*scales, _Scale("lambda", as_if, lambda_)]


@dataclass
class _Run:
    """Consecutive layers with the same trouble."""

    first: int
    last: int
    scales: list[list[_Scale]]  #: of each of them

    def takes(self, layer: int, scales: list[_Scale]) -> bool:
        mine = self.scales[0]
        return (
            layer == self.last + 1
            and [(s.name, s.wanted) for s in mine] == [(s.name, s.wanted) for s in scales]
            and np.allclose([s.value for s in mine], [s.value for s in scales], rtol=0.3)
        )

    def text(self, names: list[str]) -> str:
        blocks = names[self.first] if self.first == self.last else f"{names[self.first]} to {names[self.last]}"
        means = [
            _Scale(same[0].name, float(np.mean([s.value for s in same])), same[0].wanted)
            for same in zip(*self.scales, strict=True)
        ]
        return f"{blocks}: {'; '.join(map(str, means))}"


def _diagnoses(outcome: Check, found: Description, names: list[str], network: _core.Network, before: list[float]) -> list[str]:
    """What the failures mean, from the input to the output; `before` is the model's mean ||z||^2 by layer."""
    failures = outcome.failures
    first: list[str] = []
    last: list[str] = []
    runs: list[_Run] = []
    for failure in failures:
        layer = names.index(failure.layer)
        ratio = math.exp((failure.model - failure.law) / 2)
        if failure.quantity == _START:
            first.append(f"{failure.layer}: z_0 is {ratio:.3g} times as large as it should be")
        elif failure.quantity == _GROWTH and layer > network.depth:
            last.append(f"{failure.layer}: the output layer's weights are {ratio:.3g} times as large as they should be")
        elif failure.quantity in (_GROWTH, _ADDED):
            scales = _scales(failure, layer, found.blocks[layer - 1], network, before[layer - 1])
            if runs and runs[-1].takes(layer, scales):
                runs[-1].last = layer
                runs[-1].scales.append(scales)
            else:
                runs.append(_Run(layer, layer, [scales]))
    lines = [*first, *(run.text(names) for run in runs), *last]
    for quantity in dict.fromkeys(failure.quantity for failure in failures):
        of_quantity = [failure for failure in failures if failure.quantity == quantity]
        if quantity in MEANS or (quantity == _TOTAL and runs):
            continue
        more = f", and so in {len(of_quantity) - 1} more" if len(of_quantity) > 1 else ""
        lines.append(str(of_quantity[0]) + more)
    return lines


def check(
    make_model: Callable[[], nn.Module],
    inputs: Any,
    network: _core.Network,
    *,
    initializations: int = 500,
    level: float = 1e-3,
    input: ArrayLike | None = None,
) -> Check:
    """Tests whether a model's initialization follows the law of a network.

    `make_model()` gives a freshly initialized model, `inputs` is one input as a batch of one, of one position. Null
    hypothesis: its stream is the z_0, ..., z_d and z_out of `network`, at the input that the model's first weights read, or at
    `input` (as where the stream starts with an embedding). Compared are the mean growth of ln||z||^2 from layer to layer, its
    variance in each, n E[S] and the active fraction where a branch starts with a ReLU, and the share of dead networks, over
    `initializations` models, with as many exactly simulated networks, 1/`level` times: their ranks make the test exact, so that
    a right initialization fails with probability `level` whatever their number. In a test:
    `assert (outcome := check(...)), outcome`.

    Cost: besides the models, `initializations`/`level` simulated networks, half a million by default; another check against the
    same law in the same process has them for nothing.

    A model that is another kind of network, or is not read (convolutions, attention, BatchNorm), fails, and the outcome says
    where. Raises ValueError if there are several inputs or positions, or `input` is needed.
    """
    return compare(make_model, inputs, network, initializations=initializations, level=level, input=input, output_scale=1)


def compare(
    make_model: Callable[[], nn.Module],
    inputs: Any,
    network: _core.Network,
    *,
    initializations: int,
    level: float,
    input: ArrayLike | None,
    output_scale: float,
) -> Check:
    """As check(), of a model whose outputs are `output_scale` times those of the network."""
    if batch_size(inputs) != 1:
        raise ValueError(f"inputs: has {batch_size(inputs)} inputs; must be a batch of one")
    if initializations < 1:
        raise ValueError(f"initializations: {initializations} is out of range [1, infinity)")
    if not 0 < level < 1:
        raise ValueError(f"level: {level} is out of range (0, 1)")
    if isinstance(make_model, nn.Module):
        raise ValueError(
            f"make_model: is a {type(make_model).__name__}; must be a function that makes one, of which many are compared"
        )
    model = make_model()
    reading = read_or_why(model, inputs)
    found = describe_reading(reading)
    notes = [*found.lawless, *found.notes]
    unlike = _unlike(found, network)
    if unlike:
        return Check([], level, unlike, [], notes)
    if reading.stream[0].tensor.numel() != found.width[0]:
        positions = reading.stream[0].tensor.numel() // found.width[0]
        raise ValueError(f"inputs: has {positions} positions; must have one")
    plan = _plan(reading, found)
    samples = [_sample(model, inputs, plan), *(_sample(make_model(), inputs, plan) for _ in range(initializations - 1))]
    if output_scale and plan.output is not None:
        for sample in samples:
            sample.log_norm2[-1] -= 2 * math.log(output_scale)
    x = _law_input(reading, network, input, samples)
    has_output = plan.output is not None
    law = _repeated(network.to_json(), x.tobytes(), initializations, math.ceil(1 / level) - 1, has_output)
    departures = _compare(_of_model(samples, network), law, plan.names)
    square = np.exp([sample.log_norm2 for sample in samples]).mean(axis=0)
    outcome = Check(departures, level, [], [], notes)
    outcome.diagnoses = _diagnoses(outcome, found, plan.names, network, square.tolist())
    return outcome


def _law_input(
    reading: Reading, network: _core.Network, input: ArrayLike | None, samples: list[_Sample]
) -> NDArray[np.float64]:
    start = reading.start[0] if len(reading.start) == 1 else None
    if input is not None:
        x = np.asarray(input, np.float64).flatten()
    elif isinstance(start, Weights) and not start.is_embedding:
        x = start.arguments[0].tensor.double().flatten().cpu().numpy()
    elif isinstance(start, Weights):
        x = np.ones(1)
    else:
        mean_square = np.mean([math.exp(sample.log_norm2[0]) for sample in samples]) / reading.stream[0].tensor.numel()
        x = np.full(network.inputs, math.sqrt(mean_square))
    if len(x) != network.inputs:
        raise ValueError(f"inputs: the first weights read {len(x)} numbers, those of the network {network.inputs}")
    return x
