"""Which law weights are drawn from, by the weights themselves."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch


@dataclass(frozen=True)
class WeightLaw:
    """The law of matrices that play the same part in their blocks."""

    name: str  #: "gaussian", "truncated normal", "uniform", "orthogonal", "constant" or "other"
    variances: list[float]  #: of each matrix; the common one where nothing speaks against it
    error: float  #: of the logarithm of each of these
    known_as: str | None  #: the initialization that has this variance, if there is exactly one
    mean_error: float  #: how many standard errors their mean is from 0


def _variances_by_name(out: int, into: int, leak: float) -> dict[str, float]:
    return {
        "Kaiming": 2 / into,
        "Kaiming with the slope": 2 / (1 + leak**2) / into,
        "LeCun": 1 / into,
        "Xavier": 2 / (out + into),
        "PyTorch's default": 1 / (3 * into),
        "standard deviation 0.02": 0.02**2,
        "standard deviation 1": 1.0,
        "Kaiming by fan_out": 2 / out,
    }


def is_constant(weight: torch.Tensor) -> bool:
    """Whether all weights are equal."""
    return bool((weight == weight.flatten()[0]).all())


def _is_orthogonal(weight: torch.Tensor) -> bool:
    wide = weight if weight.shape[0] <= weight.shape[1] else weight.t()
    gram = wide @ wide.t()
    return len(gram) > 1 and bool((gram / gram.diagonal().mean() - torch.eye(len(gram), dtype=gram.dtype)).abs().max() < 1e-3)


#: Standard errors by which a variance or a kurtosis may be off.
_TOLERANCE = 4.0


def law_of_numbers(standard: torch.Tensor) -> str:
    """The law of independent numbers of variance 1."""
    kurtosis = float((standard**4).mean())
    largest = float(standard.abs().max())
    # Uniform numbers end at 1.73, normal ones that are cut at two standard deviations at 2.27, but for the estimated variance.
    if largest < 1.9 and kurtosis < 2.1:
        return "uniform"
    if len(standard) >= 500 and largest < 2.4 and abs(kurtosis - 2.37) < 0.25:
        return "truncated normal"
    return "gaussian" if abs(kurtosis - 3) < _TOLERANCE * math.sqrt(24 / len(standard)) else "other"


def weight_law(matrices: list[torch.Tensor], leak: float = 0.0) -> WeightLaw:
    """The law of matrices of shape (features made, features read), in a branch whose activation has the slope `leak`."""
    matrices = [matrix.detach().double().cpu() for matrix in matrices]
    squares = [float((matrix**2).mean()) for matrix in matrices]
    if any(map(is_constant, matrices)):
        return WeightLaw("constant", squares, 0.0, None, 0.0)
    out, into = matrices[0].shape
    candidates = _variances_by_name(out, into, leak)
    same_shape = len({matrix.shape for matrix in matrices}) == 1
    if all(map(_is_orthogonal, matrices)):
        error, name, mean_error = 1e-4, "orthogonal", 0.0
    else:
        standard = torch.cat([(m / math.sqrt(square)).flatten() for m, square in zip(matrices, squares, strict=True)])
        name = law_of_numbers(standard)
        # Of the logarithm of one matrix's variance.
        error = math.sqrt((float((standard**4).mean()) - 1) * len(matrices) / len(standard))
        mean_error = abs(float(standard.mean())) * math.sqrt(len(standard))
    common = math.exp(sum(map(math.log, squares)) / len(squares))
    known_as = None
    if same_shape and all(abs(math.log(square / common)) < (_TOLERANCE + 1) * error for square in squares):
        tolerance = _TOLERANCE * error / math.sqrt(len(squares))
        known = {value: key for key, value in reversed(candidates.items()) if abs(math.log(common / value)) < tolerance}
        if len(known) == 1:
            ((common, known_as),) = known.items()
        squares = [common] * len(squares)
        error = 0.0 if known_as else error / math.sqrt(len(squares))
    return WeightLaw(name, squares, error, known_as, mean_error)
