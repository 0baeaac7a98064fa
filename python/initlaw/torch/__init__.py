"""PyTorch models beside the theory: BalancedReLU, measurements of any model, which Network a model is, and a check of that.

What a model computes is seen operation by operation in a forward pass, however it is written: modules, functions, operators.
"""

from ._balanced import BalancedReLU, balance
from ._check import Check, Departure, check
from ._describe import Block, Description, describe
from ._measure import Measurement, measure
from ._report import Report, report

__all__ = [
    "BalancedReLU", "Block", "Check", "Departure", "Description", "Measurement", "Report", "balance", "check", "describe",
    "measure", "report",
]  # fmt: skip
