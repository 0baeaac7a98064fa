#!/usr/bin/env python3
"""Measures what the log-Gaussian limit leaves out, beside the law at finite width, at alpha^2 = 1/2 and d = n/2.

    bench/finite_width.py build/release > docs/finite_width.md

Runs `initlaw simulate --estimator antithetic` at widths 50 to 1600 and `initlaw compare` (some ten minutes on two cores), and
draws what was measured, and what the law says, with gnuplot into docs/finite_width.svg.
"""

import json
import os
import subprocess
import sys

WIDTHS = (50, 100, 200, 400, 800, 1600)
CURVE = (50, 60, 70, 84, 100, 120, 140, 168, 200, 280, 400, 560, 800, 1120, 1600)
STEPS = 4e11  # networks times width times depth
COMPARED = (("vanilla", 50), ("vanilla", 100), ("balanced", 100))
COMPARED_SAMPLES = 4_000_000
PICTURE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "docs", "finite_width.svg")
COLOURS = {"h": "#0072b2", "mean of G": "#d55e00", "variance of G": "#009e73"}


def run(build, command, width, *options):
    words = [os.path.join(build, "initlaw"), command, "--width", str(width), "--depth", str(width // 2), "--json", "-"]
    return json.loads(subprocess.run(words + list(options), check=True, capture_output=True).stdout)


def predict(build, width):
    """The limit and the law at finite width, by quantity."""
    laws = run(build, "predict", width)
    layer = laws["layers"][-1]
    limit, finite = laws["log_gaussian"]["G"], laws["finite_width"]["G"]
    return {
        "h": (layer["hypoactivation"], layer["finite_width"]["hypoactivation"]),
        "mean of G": (limit["mean"], finite["mean"]),
        "variance of G": (limit["variance"], finite["variance"]),
    }


def measure(build, width):
    """The number of networks, and what was measured in them with its error, by quantity."""
    samples = int(min(1e7, STEPS / (width * width / 2))) // 2 * 2
    truth = run(build, "simulate", width, "--estimator", "antithetic", "--samples", str(samples))
    found = (truth["layers"][-1]["hypoactivation"], truth["G"]["mean"], truth["G"]["variance"])
    return samples, {name: (q["value"], q["std_error"]) for name, q in zip(COLOURS, found)}


def draw(measured, laws):
    lines = [
        "set terminal svg size 720,420 font 'sans-serif,14' background '#ffffff'",
        f"set output '{PICTURE}'",
        "set logscale xy",
        "set xlabel 'width n (depth n/2)'",
        "set ylabel 'ratio to the log-Gaussian limit, less 1'",
        "set xrange [45:1800]",
        "set yrange [1e-3:0.3]",
        "set xtics (50, 100, 200, 400, 800, 1600)",
    ]
    plots = []
    for i, (name, colour) in enumerate(COLOURS.items()):
        limit = {n: laws[n][name][0] for n in laws}
        points = "\n".join(f"{n} {v / limit[n] - 1} {s / abs(limit[n])}" for n, (_, q) in measured.items() for v, s in [q[name]])
        curve = "\n".join(f"{n} {laws[n][name][1] / limit[n] - 1}" for n in sorted(laws))
        lines.append(f"$points{i} << END\n{points}\nEND\n$curve{i} << END\n{curve}\nEND")
        plots.append(f"$points{i} using 1:2:3 with yerrorbars pointtype {5 + i * 2} linecolor '{colour}' title '{name}, simulated'")
        plots.append(f"$curve{i} with lines linecolor '{colour}' title 'finite width'")
    lines.append("plot " + ", ".join(plots))
    subprocess.run(["gnuplot"], input="\n".join(lines), text=True, check=True)


def width_where_half_of_h_is(build, value):
    low, high = 2, 2000
    while high - low > 2:
        middle = (low + high) // 4 * 2
        low, high = (middle, high) if predict(build, middle)["h"][1] / 2 < value else (low, middle)
    return high


def main():
    build = sys.argv[1]
    laws = {width: predict(build, width) for width in CURVE}
    measured = {}
    for width in WIDTHS:
        measured[width] = measure(build, width)
        print(f"width {width} done", file=sys.stderr)
    draw(measured, laws)
    print(
        """# The limit and the law at finite width, measured

What `bench/finite_width.py build/release` measured: the standard ResNet, $\\alpha^2 = \\lambda^2 = 1/2$, at depth
$n/2$. $h$ is $n \\mathbb{E}[S]$ of the last layer. Means are from antithetic pairs of networks, the variance from the first
network of each pair. The law at finite width ([finite-width-law.md](finite-width-law.md)) has $G$ to order $1/n^2$ and $h$ to
relative order $1/n^2$; nothing in it is fitted.
"""
    )
    for name in COLOURS:
        symbols = name.replace("G", "$G$").replace("h", "$h$")
        print(f"| $n$ | networks | {symbols} | log-Gaussian limit | measured/limit | finite width | measured/finite width |")
        print("|---|---|---|---|---|---|---|")
        for n, (samples, quantities) in measured.items():
            value, error = quantities[name]
            cells = [f"{value:.5f} ± {error:.5f}"]
            for law in laws[n][name]:
                cells += [f"{law:.5f}", f"{value / law:.4f} ± {error / abs(law):.4f}"]
            print(f"| {n} | {samples} | " + " | ".join(cells) + " |")
        print()
    print("![ratio to the limit, less 1, against width: simulated, and by the law at finite width](finite_width.svg)\n")
    print(f"How far $\\ln \\lVert z_{{out}} \\rVert^2$ is from each law (10 outputs): the Kolmogorov-Smirnov distance over")
    print(f"{COMPARED_SAMPLES} networks, of which chance alone makes {0.9 / COMPARED_SAMPLES ** 0.5:.5f}.\n")
    print("| network | Gaussian limit | log-Gaussian limit | finite width |")
    print("|---|---|---|---|")
    for family, width in COMPARED:
        options = ("--family", family, "--outputs", "10", "--samples", str(COMPARED_SAMPLES))
        fit = run(build, "compare", width, *options)["fit"]
        distances = [f"{fit[law]['ks']:.5f}" for law in ("gaussian", "log_gaussian", "finite_width")]
        print(f"| {family}, {width} × {width // 2} | " + " | ".join(distances) + " |")
    limit = laws[WIDTHS[-1]]["h"][0] / 2
    width = width_where_half_of_h_is(build, -0.876)
    print(f"\nA value of -0.876 for $h/2$ has been quoted where the limit is {limit:.4f}. It is right at width {width}.")


if __name__ == "__main__":
    main()
