"""Numbers as the explorer writes them."""

import math


def distance_of(fit):
    """A law's distance in the JSON of `initlaw compare`: to the second digit of its error, if it has one."""
    ks, error = fit["ks"], fit["ks_std_error"]
    if fit["verdict"] in ("exact", "undecided"):
        return f"{ks:#.2g}"
    decimals = 1 - math.floor(math.log10(error))
    return f"{ks:.{decimals}f} ± {error:.{decimals}f}"
