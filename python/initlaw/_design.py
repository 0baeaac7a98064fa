"""Which limit a network is near, and the inverse problem: which network meets a target."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from . import _core
from ._core import Network
from ._estimate import Estimate

if TYPE_CHECKING:
    import pandas


@dataclass(frozen=True)
class Spread:
    """How widely a network's output is spread over random initializations, by one law."""

    variance: float  #: Of ln||z_out||^2.
    decades: float  #: log10 of the ratio of the 95% and the 5% quantile of one output's size.
    beyond_ten: float  #: Share of networks whose ||z_out|| leaves a factor of 10 about that at infinite width.
    ks_to_gaussian: float  #: Kolmogorov-Smirnov distance of ln||z_out||^2 from its law at infinite width.


@dataclass(frozen=True)
class PredictedSpread(Spread):
    """A spread by the best law that is known of a network."""

    law: str  #: 'exact', 'gaussian', 'finite_width' or 'log_gaussian'.
    accuracy: str  #: 'bounded', 'first-order' or 'unknown'.
    law_error: float | None  #: By how much any probability may be off, if that is bounded.
    network: Network


@dataclass(frozen=True)
class FormatRisk:
    """How likely it is that one output leaves a number format's range."""

    overflow: float  #: P(|z| > the largest number).
    underflow: float  #: P(|z| < the smallest normal number).


@dataclass(frozen=True)
class Regime:
    """Which limit a network at one input is near; printed, it is in sentences. All fields as in the JSON of
    `initlaw predict`."""

    network: Network
    depth_over_width: float  #: d/n.
    predicted: PredictedSpread
    at_infinite_width: Spread
    dead_probability: float  #: P(z_out = 0), by the law of `predicted`; 0 unless that is exact.
    fp16: FormatRisk
    bf16: FormatRisk
    gradient_beyond_ten: tuple[float, float] | None  #: Share of networks, in a random and an orthogonal direction.
    kernel_deviation: float  #: Standard deviation of the logarithm of the kernel ||z_d||^2/n.
    gaussian_process_theory: str  #: 'holds', 'rough' or 'fails': by the distance from the Gaussian law.
    tangent_kernel_theory: str  #: 'holds', 'rough' or 'fails': by kernel_deviation.
    changes: tuple[tuple[str, PredictedSpread], ...] = field(repr=False)  #: What would change it, and how.
    text: str = field(repr=False, compare=False)

    def __str__(self) -> str:
        return self.text

    def to_dataframe(self) -> pandas.DataFrame:
        """The network as it is, and after each change: a row each."""
        import pandas

        rows = [("as it is", self.predicted), *self.changes]
        names = ("variance", "decades", "beyond_ten", "ks_to_gaussian")
        return pandas.DataFrame([[getattr(spread, name) for name in names] for _, spread in rows],
                                index=pandas.Index([key for key, _ in rows], name="change"), columns=list(names))


@dataclass(frozen=True)
class DesignPoint:
    """What theory says of a network with one value of the field that is to be found."""

    value: float
    quantity: float
    met: bool  #: Whether that meets the target.
    law: str  #: 'exact', 'gaussian', 'finite_width', 'log_gaussian' or 'gradient'.
    accuracy: str  #: 'bounded', 'first-order' or 'unknown'.
    law_error: float | None  #: By how much any probability may be off, if that is bounded.


@dataclass(frozen=True)
class Verification:
    """What a simulation says of a design; false if it is refuted or undecided."""

    simulated: Estimate  #: The target's quantity.
    verdict: str  #: 'confirmed', 'close', 'refuted' or 'undecided'.
    samples: int
    seed: int
    text: str = field(repr=False, compare=False)

    def __bool__(self) -> bool:
        return self.verdict in ("confirmed", "close")

    def __str__(self) -> str:
        return self.text

    def to_dataframe(self) -> pandas.DataFrame:
        """One row, with the error in a column of its own."""
        import pandas

        return pandas.DataFrame({"simulated": [self.simulated.value], "simulated_error": [self.simulated.std_error],
                                 "samples": [self.samples]})


@dataclass(frozen=True)
class Design:
    """The values of one field of a network that meet a target; false if there are none."""

    network: Network  #: With the value that was found.
    find: str  #: 'width', 'depth', 'alpha' or 'lambda'.
    quantity: str  #: 'variance', 'quantile-ratio', 'overflow', 'underflow' or 'ks-to-gaussian'.
    at_most: float  #: The target.
    limit: float | None  #: Of overflow and underflow.
    gradients: str | None  #: 'random' or 'orthogonal', if the target is the gradient's growth.
    input: tuple[float, ...] | None
    searched: tuple[float, float]
    met: tuple[tuple[float, float], ...]  #: Ranges that meet the target, both ends included.
    found: DesignPoint | None
    points: tuple[DesignPoint, ...] = field(repr=False)  #: What was found and its neighbours.
    at_infinite_width: float  #: The quantity there.
    text: str = field(repr=False, compare=False)

    def __bool__(self) -> bool:
        return self.found is not None

    def __str__(self) -> str:
        return self.text

    @property
    def value(self) -> float | None:
        """What was found: a whole number of width and depth."""
        if self.found is None:
            return None
        return int(self.found.value) if self.find in ("width", "depth") else self.found.value

    def to_dataframe(self) -> pandas.DataFrame:
        """What was found and its neighbours: a row each."""
        import pandas

        return pandas.DataFrame({"quantity": [point.quantity for point in self.points],
                                 "met": [point.met for point in self.points]},
                                index=pandas.Index([point.value for point in self.points], name=self.find))

    def verify(self, samples: int = 100_000, seed: int = 1, *, threads: int = 0,
               progress: bool | None = None) -> Verification:
        """Simulates the network that was found and compares it with the target.

        Arguments as simulate(). Raises ValueError if nothing was found.
        """
        if not self:
            raise ValueError("design: nothing was found that could be verified")
        from . import _progress

        with _progress(samples, progress) as on_progress:
            answer, text = _core.verify(
                self.network, self.input, self.quantity, self.at_most, math.nan if self.limit is None else self.limit,
                self.gradients, samples, seed, threads, on_progress)
        document = json.loads(answer)
        value, error = (math.nan if each is None else each
                        for each in (document["simulated"]["value"], document["simulated"]["std_error"]))
        return Verification(Estimate(value, error), document["verdict"], document["samples"], document["seed"], text)


def _network(document: Any) -> Network:
    return _core.network_from_json(json.dumps(document))


def _spread(document: dict[str, Any]) -> dict[str, float]:
    return {name: document[name] for name in ("variance", "decades", "beyond_ten", "ks_to_gaussian")}


def _predicted(document: dict[str, Any], network: Network) -> PredictedSpread:
    return PredictedSpread(**_spread(document), law=document["law"], accuracy=document["accuracy"], law_error=document["law_error"], network=network)


def regime(network: Network, input: ArrayLike | None = None, *, gradients: bool = False) -> Regime:
    """Which limit a network is near, what that means for who trains it, and what would change it.

    d/n; how widely the output is spread; how likely fp16 and bf16 overflow and underflow; whether theory at infinite width
    may be trusted; the same for the network Balanced, with half of lambda, twice the width and so on. With `gradients` the
    share of networks whose gradient grows or shrinks tenfold. Cost: some 30 milliseconds for each of these networks at a
    depth of 100. `print(regime(network))` says it in sentences. Other arguments as infinite_depth_and_width().
    """
    answer, text = _core.regime(network, input, gradients)
    document = json.loads(answer)
    shares = document.get("gradient_beyond_ten")
    return Regime(
        network, document["depth_over_width"], _predicted(document, network), Spread(**_spread(document["at_infinite_width"])),
        document["dead_probability"], FormatRisk(**document["fp16"]), FormatRisk(**document["bf16"]),
        (shares["random"], shares["orthogonal"]) if shares else None, document["kernel_deviation"],
        document["gaussian_process_theory"], document["tangent_kernel_theory"],
        tuple((key, _predicted(change, _network(change["network"]))) for key, change in document["changes"].items()), text)


def design(
    network: Network,
    find: str,
    *,
    variance: float | None = None,
    quantile_ratio: float | None = None,
    overflow: float | None = None,
    underflow: float | None = None,
    risk: float | None = None,
    ks_to_gaussian: float | None = None,
    gradients: str | None = None,
    from_: float | None = None,
    to: float | None = None,
    input: ArrayLike | None = None,
) -> Design:
    """Finds the 'width', 'depth', 'alpha' or 'lambda' with which a network meets a target, by the best law.

    The field's value in `network` does not matter. One target is given, an upper bound: `variance` of ln||z_out||^2;
    `quantile_ratio` of the 95% and the 5% quantile of one output's size; the `risk` that an output's size is above the limit
    `overflow`, or below the limit `underflow`; `ks_to_gaussian`, the Kolmogorov-Smirnov distance from the law at infinite
    width. With `gradients`, 'random' or 'orthogonal', it is that of the gradient's growth from the last layer to the first.
    Values are searched between `from_` and `to`; by default widths up to 10^6, depths up to 10^5, scales from 1e-4 to 10.

    Of widths and alphas the smallest is found that meets the target (and all larger ones that were searched), of depths and
    lambdas the largest. `Design.verify()` simulates it. Cost: a second or two in nets of 100 layers, with gradients some 20. Raises ValueError for a number out
    of range, or a field that the network's family fixes or that is a list.
    """
    targets = {"variance": variance, "quantile-ratio": quantile_ratio, "overflow": overflow, "underflow": underflow,
               "ks-to-gaussian": ks_to_gaussian}
    given = [(name, number) for name, number in targets.items() if number is not None]
    if len(given) != 1:
        raise ValueError(f"design: {' and '.join(name for name, _ in given) or 'no target'} given; it must be one of "
                         "variance, quantile_ratio, overflow, underflow and ks_to_gaussian")
    (quantity, number), = given
    if (quantity in ("overflow", "underflow")) != (risk is not None):
        raise ValueError("risk: is that of overflow or underflow; "
                         + ("it must be given, too" if risk is None else f"{quantity} has none"))
    at_most, limit = (number, math.nan) if risk is None else (risk, number)
    components = None if input is None else tuple(np.asarray(input, float).tolist())
    answer, text = _core.design(network, components, find, quantity, at_most, limit, gradients, from_, to)
    document = json.loads(answer)
    return Design(
        _network(document["network"]), find, quantity, document["target"]["at_most"], document["target"].get("limit"),
        gradients, components, (document["searched"]["from"], document["searched"]["to"]),
        tuple((each["from"], each["to"]) for each in document["met"]),
        document["found"] and DesignPoint(**document["found"]), tuple(DesignPoint(**point) for point in document["points"]),
        document["at_infinite_width"], text)
