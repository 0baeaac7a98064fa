"""A model, its law and what is off, on one page."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from torch import nn

from .. import _core
from ._check import MEANS, Check, compare
from ._describe import Description, describe
from ._measure import Measurement, measure


@dataclass(repr=False)
class Report:
    """What report() found; its text is one page."""

    description: Description
    measurement: Measurement  #: of the model's layers
    ensemble: _core.Ensemble | None  #: of the Network that the model is; None if there is none
    check: Check | None  #: of the model against that

    def __repr__(self) -> str:
        return str(self)

    def __str__(self) -> str:
        parts = [str(self.description)]
        if self.ensemble is None or self.check is None:
            parts.append("No law is known for this model. What its layers see:\n\n" + str(self.measurement))
        else:
            parts += [_expectation(self.description, self.ensemble), _layers(self.check), str(self.check)]
        return "\n\n".join(parts)


def _range(low: float, high: float) -> str:
    return f"between {math.exp(low / 2):.3g} and {math.exp(high / 2):.3g}"


def _expectation(found: Description, ensemble: _core.Ensemble) -> str:
    growth = ensemble.growth.mean.value
    deviation = math.sqrt(ensemble.growth.variance.value)
    lines = [
        f"{ensemble.network!r}",
        f"From the input to the last block ||z||^2/n is multiplied by e^{growth:.3g}, give or take a factor of "
        f"{math.exp(deviation):.3g} from one initialization to the next.",
    ]
    histogram = ensemble.log_output_norm2_histogram
    if found.outputs and histogram is not None:
        shift = 2 * math.log(found.output_scale) - math.log(found.outputs) if found.output_scale else -math.inf
        low, high = (float(histogram.quantile(p)) + shift for p in (0.01, 0.99))
        lines.append(f"98 of 100 initializations have outputs whose root mean square is {_range(low, high)}.")
    for law in _core.laws(ensemble.network, ensemble.input):
        fit = _core.compare(ensemble, law)
        lines.append(
            f"The {law.kind} law of ln||z_out||^2: mean {float(law.mean()):.4g}, variance {float(law.var()):.4g}, "
            f"no probability is off by more than {fit.log_output_norm2.ks:.2g}."
        )
    if ensemble.dead:
        lines.append(f"{ensemble.dead / ensemble.samples:.2g} of all initializations have an output of 0.")
    return "\n".join(lines)


def _layers(outcome: Check) -> str:
    rows = [d for d in outcome.departures if d.quantity in MEANS]
    longest = max(len(f"{row.layer}: {row.quantity}") for row in rows)
    lines = [f"{'':{longest}}  {'model':>10} {'law':>10} {'deviation':>10}"]
    lines += [
        f"{f'{row.layer}: {row.quantity}':{longest}}  {row.model:10.4f} {row.law:10.4f} {row.std_error:10.2g}" for row in rows
    ]
    return "\n".join(lines)


def report(
    model: nn.Module | Callable[[], nn.Module], inputs: Any, *, initializations: int = 100, samples: int = 20_000
) -> Report:
    """Describes a model, predicts and simulates its law, measures the model against it, and says what is off, on one page.

    `model` is a model, or a function that makes a freshly initialized one, which is called `initializations` times. `inputs` is
    as for check(). The law is that of `describe()`'s Network; without one, the page says why, and what the layers see.
    """

    def make() -> nn.Module:
        return model if isinstance(model, nn.Module) else model()

    count = 1 if isinstance(model, nn.Module) else initializations
    found = describe(make(), inputs)
    measurement = measure(model, inputs, initializations=count)
    if not found:
        return Report(found, measurement, None, None)
    network = found.network()
    ensemble = _core.simulate(network, found.input, samples, 1, "fast", "float", "plain", 0, None, None, None)
    outcome = compare(
        make, inputs, network, initializations=count, level=1e-3, input=found.input, output_scale=found.output_scale
    )
    return Report(found, measurement, ensemble, outcome)
