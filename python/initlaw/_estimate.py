"""Numbers with their errors."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Estimate(NamedTuple):
    """A number estimated from samples, and the standard deviation of its sampling error."""

    value: float  #: The number.
    std_error: float  #: Not finite where there are too few samples.

    def __str__(self) -> str:
        return f"{self.value:.6g} ± {self.std_error:.2g}"


class Estimates(NamedTuple):
    """Numbers estimated from samples, and the standard deviations of their sampling errors: arrays of one shape."""

    value: NDArray[np.float64]  #: The numbers.
    std_error: NDArray[np.float64]  #: Of each.
