#!/usr/bin/env python3
"""Measures the corrections of order 1/n that the log-Gaussian limit leaves out, at alpha^2 = 1/2 and d = n/2.

    bench/finite_width.py build/release > docs/finite_width.md

Runs `initlaw simulate --estimator antithetic` at widths 50 to 1600 (some ten minutes on two cores), fits each quantity by
limit (1 + c/n + e/n^2), and draws the deviations with gnuplot into docs/finite_width.svg.
"""

import json
import math
import os
import subprocess
import sys

WIDTHS = (50, 100, 200, 400, 800, 1600)
STEPS = 4e11  # networks times width times depth
PICTURE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "docs", "finite_width.svg")


def run(build, command, width, *options):
    words = [os.path.join(build, "initlaw"), command, "--width", str(width), "--depth", str(width // 2), "--json", "-"]
    return json.loads(subprocess.run(words + list(options), check=True, capture_output=True).stdout)


def measure(build, width):
    """The ratio of measured and limit, less 1, with its error, by quantity."""
    samples = int(min(1e7, STEPS / (width * width / 2))) // 2 * 2
    limit = run(build, "predict", width)
    truth = run(build, "simulate", width, "--estimator", "antithetic", "--samples", str(samples))
    pairs = {
        "h": (truth["layers"][-1]["hypoactivation"], limit["layers"][-1]["hypoactivation"]),
        "mean of G": (truth["G"]["mean"], limit["log_gaussian"]["G"]["mean"]),
        "variance of G": (truth["G"]["variance"], limit["log_gaussian"]["G"]["variance"]),
    }
    return samples, {
        name: (value["value"], value["std_error"], of_limit) for name, (value, of_limit) in pairs.items()
    }


def least_squares(points):
    """c and its error, and e, of y = c/n + e/n^2; and sum of squares over degrees of freedom."""
    a = b = d = p = q = 0.0
    for n, y, error in points:
        w = 1 / error**2
        a, b, d = a + w / n**2, b + w / n**3, d + w / n**4
        p, q = p + w * y / n, q + w * y / n**2
    determinant = a * d - b * b
    c, e = (d * p - b * q) / determinant, (a * q - b * p) / determinant
    chi2 = sum(((y - c / n - e / n**2) / error) ** 2 for n, y, error in points)
    return c, math.sqrt(d / determinant), e, chi2 / (len(points) - 2)


def draw(fits, results):
    colours = {"h": "#0072b2", "mean of G": "#d55e00", "variance of G": "#009e73"}
    data = {
        name: "\n".join(f"{n} {v / l - 1} {s / abs(l)}" for n, (v, s, l) in ((n, r[name]) for n, (_, r) in results.items()))
        for name in fits
    }
    lines = [
        "set terminal svg size 720,420 font 'sans-serif,14' background '#ffffff'",
        f"set output '{PICTURE}'",
        "set logscale xy",
        "set xlabel 'width n (depth n/2)'",
        "set ylabel 'measured / limit - 1'",
        "set xrange [40:2000]",
        "set yrange [1e-3:0.3]",
        "set xtics (50, 100, 200, 400, 800, 1600)",
    ]
    for i, name in enumerate(fits):
        lines.append(f"$data{i} << END\n{data[name]}\nEND")
    plots = []
    for i, (name, (c, _, e, _)) in enumerate(fits.items()):
        colour = colours[name]
        plots.append(f"$data{i} using 1:2:3 with yerrorbars pointtype {5 + i * 2} linecolor '{colour}' title '{name}'")
        plots.append(f"{c}/x + {e}/x**2 with lines linecolor '{colour}' notitle")
    lines.append("plot " + ", ".join(plots))
    subprocess.run(["gnuplot"], input="\n".join(lines), text=True, check=True)


def width_of_quoted_value(fit, limit, quoted):
    """The n at which limit (1 + c/n + e/n^2) is the quoted value."""
    c, _, e, _ = fit
    x = quoted / limit - 1
    return 2 * e / (-c + math.sqrt(c * c + 4 * e * x)) if e != 0 else c / x


def main():
    build = sys.argv[1]
    results = {}
    for width in WIDTHS:
        results[width] = measure(build, width)
        print(f"width {width} done", file=sys.stderr)
    fits = {
        name: least_squares([(n, v / l - 1, s / abs(l)) for n, (v, s, l) in ((n, r[name]) for n, (_, r) in results.items())])
        for name in ("h", "mean of G", "variance of G")
    }
    draw(fits, results)
    print("# The limit's corrections at finite width\n")
    print("What `bench/finite_width.py build/release` measured: the standard ResNet, $\\alpha^2 = \\lambda^2 = 1/2$, at depth")
    print("$n/2$. $h$ is $n \\mathbb{E}[S]$ of the last layer. Means are from antithetic pairs of networks, the variance from the first")
    print("network of each pair.\n")
    print("| $n$ | networks | $h$ | measured/limit | mean of $G$ | measured/limit | variance of $G$ | measured/limit |")
    print("|---|---|---|---|---|---|---|---|")
    for n, (samples, r) in results.items():
        cells = [f"{v:.5f} ± {s:.5f} | {v / l:.4f} ± {s / abs(l):.4f}" for v, s, l in r.values()]
        print(f"| {n} | {samples} | " + " | ".join(cells) + " |")
    print("\nFits of measured/limit by $1 + c/n + e/n^2$:\n")
    print("| | $c$ | $e$ | $\\chi^2$ a degree of freedom |")
    print("|---|---|---|---|")
    for name, (c, error, e, chi2) in fits.items():
        symbols = name.replace("G", "$G$").replace("h", "$h$")
        print(f"| {symbols} | {c:.2f} ± {error:.2f} | {e:.0f} | {chi2:.2f} |")
    half = results[WIDTHS[-1]][1]["h"][2] / 2
    n = width_of_quoted_value(fits["h"], half, -0.876)
    print("\n![measured over limit, less 1, against width](finite_width.svg)\n")
    print(f"A value of -0.876 for $h/2$ has been quoted where the limit is {half:.4f}. It is right at width {n:.0f}.")


if __name__ == "__main__":
    main()
