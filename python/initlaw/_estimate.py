"""Numbers with their errors."""

from __future__ import annotations

import numbers
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas
    from typing_extensions import Self

T = TypeVar("T", float, NDArray[np.float64])


@dataclass(frozen=True)
class _WithError(Generic[T]):
    """Arithmetic with exact numbers, which shift and scale; with other estimates it is refused."""

    value: T  #: What was estimated.
    std_error: T  #: Not finite where there are too few samples.

    # NumPy's numbers and arrays leave the arithmetic to this class.
    __array_ufunc__ = None

    def __iter__(self) -> Iterator[T]:
        """For `value, std_error = estimate`."""
        return iter((self.value, self.std_error))

    def _exact(self, other: object) -> Any:
        """A number, or for arrays an array of them, that has no error."""
        if isinstance(other, numbers.Real):
            return float(other)
        if isinstance(other, np.ndarray) and isinstance(self.value, np.ndarray):
            return other
        if isinstance(other, _WithError):
            raise TypeError("the error of what is made of two estimates depends on their correlation, which is not known; "
                            "use their .value and .std_error")
        raise TypeError(f"an estimate and a {type(other).__name__} do not go together; it must be an exact number")

    def _linear(self, scale: Any, shift: Any) -> Self:
        return type(self)(self.value * scale + shift, self.std_error * abs(scale) + 0 * shift)

    def __add__(self, other: float | NDArray[np.float64]) -> Self:
        return self._linear(1, self._exact(other))

    def __sub__(self, other: float | NDArray[np.float64]) -> Self:
        return self._linear(1, -self._exact(other))

    def __rsub__(self, other: float | NDArray[np.float64]) -> Self:
        return self._linear(-1, self._exact(other))

    def __mul__(self, other: float | NDArray[np.float64]) -> Self:
        return self._linear(self._exact(other), 0)

    def __truediv__(self, other: float | NDArray[np.float64]) -> Self:
        return self._linear(1 / self._exact(other), 0)

    def __neg__(self) -> Self:
        return self._linear(-1, 0)

    __radd__ = __add__
    __rmul__ = __mul__


class Estimate(_WithError[float]):
    """A number estimated from samples, and the standard deviation of its sampling error.

    Exact numbers can be added to it, and multiply and divide it; with another estimate that is a TypeError, since their
    correlation is not known. `float(e)` is its value, `f"{e:.3g}"` both, and `value, std_error = e` takes it apart.
    """

    def __float__(self) -> float:
        return self.value

    def __str__(self) -> str:
        return f"{self.value:.6g} ± {self.std_error:.2g}"

    def __format__(self, spec: str) -> str:
        return f"{self.value:{spec}} ± {self.std_error:{spec}}" if spec else str(self)


class Estimates(_WithError[NDArray[np.float64]]):
    """Numbers estimated from samples, and the standard deviations of their sampling errors: arrays of one shape.

    Exact numbers and arrays can be added to them, and multiply and divide them, as an Estimate.
    """

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Estimates):
            return NotImplemented
        return all(np.array_equal(ours, theirs, equal_nan=True) for ours, theirs in zip(self, other, strict=True))

    def __hash__(self) -> int:
        return hash(self.value.tobytes())

    def to_dataframe(self) -> pandas.DataFrame:
        """A row for each, with its indices, if there are several, in the index."""
        from ._dataframe import to_dataframe

        return to_dataframe(self)
