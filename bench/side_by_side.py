#!/usr/bin/env python3
"""Runs initlaw, its bare normal generator and its peers on the same problem, and prints a Markdown table of ratios.

    bench/side_by_side.py build/release > docs/benchmarks.md

The problem: ln||z_out||^2 of the paper's standard ResNet, 10 outputs, on all cores. Contestants take turns for several
rounds, of which each one's best counts. Their means and variances must agree within 4.5 standard errors.
"""

import json
import math
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time

BENCH = os.path.dirname(os.path.abspath(__file__))
PEERS = os.path.join(BENCH, "peers", "peers.py")
DIGITS = os.path.join(BENCH, "..", "data", "digits.csv.gz")
ROUNDS = 3
CORES = len(os.sched_getaffinity(0))


class Contestant:
    """A way to simulate. `samples` is how many networks of width 100 and depth 50 take it about a second."""

    def __init__(self, name, samples, run):
        self.name, self.samples, self.run = name, samples, run

    def measure(self, width, depth):
        """Nanoseconds per neuron, layer and network, and the sample's mean and variance."""
        cost = (width / 100) ** (2 if "dense" in self.name else 1) * depth / 50
        samples = max(20, int(self.samples / cost) // 2 * 2)
        seconds, mean, variance = self.run(width, depth, samples)
        return {"ns": seconds * 1e9 / (samples * width * depth), "samples": samples, "mean": mean, "variance": variance}


def initlaw(build, *options, command="simulate", find=lambda answer: answer["log_output_norm2"]):
    """`find` gives the mean and the variance, as the command writes them, in its answer."""

    def run(width, depth, samples):
        words = [os.path.join(build, "initlaw"), command, "--width", width, "--depth", depth, "--outputs", 10,
                 "--samples", samples, "--threads", CORES, "--json", "-", *options]
        start = time.perf_counter()
        answer = subprocess.run([str(word) for word in words], check=True, capture_output=True).stdout
        seconds = time.perf_counter() - start
        law = find(json.loads(answer))
        return seconds, law["mean"]["value"], law["variance"]["value"]

    return run


def peer(name):
    def run(width, depth, samples):
        command = ["/usr/bin/python3", PEERS, name, "--width", width, "--depth", depth, "--samples", samples,
                   "--threads", CORES]
        environment = dict(os.environ, OMP_NUM_THREADS=str(CORES))
        answer = subprocess.run([str(word) for word in command], check=True, capture_output=True, env=environment)
        result = json.loads(answer.stdout)
        return result["seconds"], result["mean"], result["variance"]

    return run


def benchmarks(build, pattern, seconds):
    """What the benchmark program says of those whose names match, at this many seconds each."""
    command = [os.path.join(build, "bench", "initlaw_bench"), f"--benchmark_filter={pattern}",
               f"--benchmark_min_time={seconds}", "--benchmark_format=json"]
    return json.loads(subprocess.run(command, check=True, capture_output=True).stdout)["benchmarks"]


def bare_normals(build):
    """Nanoseconds per normal of the generator alone, on one core."""
    return benchmarks(build, "bare_normals", 0.3)[0]["per_neuron_layer"] * 1e9


def contestants(build):
    found = [
        Contestant("initlaw", 200_000, initlaw(build)),
        Contestant("initlaw, double", 100_000, initlaw(build, "--precision", "double")),
        Contestant("initlaw, antithetic", 200_000, initlaw(build, "--estimator", "antithetic")),
        Contestant("initlaw, dense", 200, initlaw(build, "--method", "dense")),
    ]
    for module, label in (("numpy", "NumPy"), ("torch", "PyTorch")):
        if subprocess.run(["/usr/bin/python3", "-c", f"import {module}"], capture_output=True).returncode != 0:
            print(f"{label} is not installed; its scripts are left out", file=sys.stderr)
            continue
        found.append(Contestant(f"{label}, expert (O(n), batched)", 20_000, peer(f"{module}_batched")))
        found.append(Contestant(f"{label}, dense", 200, peer(f"{module}_dense")))
    return found


def disagreement(one, other):
    """The largest difference of two results' means and variances in standard errors."""
    variance = one["variance"]  # the law is close to normal: Var of the variance is about 2 variance^2/N
    n, m = one["samples"], other["samples"]
    of_mean = abs(one["mean"] - other["mean"]) / math.sqrt(variance / n + variance / m)
    of_variance = abs(one["variance"] - other["variance"]) / (variance * math.sqrt(2 / n + 2 / m) * 1.2)
    return max(of_mean, of_variance)


def table(build, width, depth):
    best = {}
    normals = math.inf
    field = contestants(build)
    for _ in range(ROUNDS):
        normals = min(normals, bare_normals(build))
        for contestant in field:
            result = contestant.measure(width, depth)
            if contestant.name not in best or result["ns"] < best[contestant.name]["ns"]:
                best[contestant.name] = result
    reference = best["initlaw"]
    print(f"\n## Width {width}, depth {depth}, {CORES} cores\n")
    print("| | ns per neuron, layer and network | times initlaw's |")
    print("|---|---|---|")
    print(f"| the bare normal generator, one core divided by {CORES} | {normals / CORES:.3g} "
          f"| {normals / CORES / reference['ns']:.2g} |")
    for name, result in best.items():
        print(f"| {name} | {result['ns']:.3g} | {result['ns'] / reference['ns']:.3g} |")
    for name, result in best.items():
        errors = disagreement(reference, result)
        if errors > 4.5:
            sys.exit(f"{name} disagrees with initlaw by {errors:.1f} standard errors")


def duel(title, width, depth, ours, theirs):
    """A table of two contestants: `ours` is (name, samples, run), `theirs` the same."""
    best = [math.inf, math.inf]
    results = [None, None]
    for _ in range(ROUNDS):
        for i, (_, samples, run) in enumerate((ours, theirs)):
            seconds, mean, variance = run(width, depth, samples)
            best[i] = min(best[i], seconds / samples)
            results[i] = {"samples": samples, "mean": mean, "variance": variance}
    errors = disagreement(*results)
    if errors > 4.5:
        sys.exit(f"{title}: the two disagree by {errors:.1f} standard errors")
    print(f"\n## {title}, width {width}, depth {depth}, {CORES} cores\n")
    print("| | ms per network | times initlaw's |")
    print("|---|---|---|")
    for (name, _, _), seconds in zip((ours, theirs), best):
        print(f"| {name} | {seconds * 1e3:.3g} | {seconds / best[0]:.3g} |")


def ten_orthogonal(folder):
    """A file of ten inputs."""
    path = os.path.join(folder, "ten.csv")
    with open(path, "w") as file:
        for i in range(10):
            file.write(",".join(str(int(i == j)) for j in range(10)) + "\n")
    return path


def last_log_tangent(answer):
    pair = answer["pairs"][0]
    return {"mean": pair["log_tangent_mean"][-1], "variance": pair["log_tangent_variance"][-1]}


def several_inputs(build, folder):
    """Ten digits through the same networks, and the cost against the number of inputs."""
    path = os.path.join(folder, "inputs.csv")
    with open(path, "w") as file:
        for i in range(1000):
            file.write(",".join("1" if i % 10 == j else f"{(i * j) % 7}" for j in range(10)) + "\n")

    run = initlaw(build, "--input", DIGITS, "--rows", "0-9", "--layers", 50, command="angles", find=last_log_tangent)
    for width, samples in ((100, 20_000), (1000, 2000)):
        duel("Angles of ten digits", width, 50, ("initlaw angles, with the law", samples, run),
             ("PyTorch, dense", 20_000 // width, peer("torch_dense_inputs")))
    print("\n## Cost against the number of inputs, width 1000, depth 10\n")
    print("| inputs $m$ | µs per layer and network | divided by $m$ | divided by $m^2$ |")
    print("|---|---|---|---|")
    for m in (1, 2, 5, 10, 20, 50, 100, 200):
        run = initlaw(build, "--input", path, "--rows", f"0-{m - 1}", command="angles",
                      find=lambda answer: {"mean": {"value": 0}, "variance": {"value": 0}})
        samples = max(4, int(20000 / m**1.5))
        seconds = min(run(1000, 10, samples)[0] for _ in range(ROUNDS)) / (samples * 10)
        print(f"| {m} | {seconds * 1e6:.3g} | {seconds * 1e6 / m:.3g} | {seconds * 1e6 / m**2:.3g} |")


def gradients(build, folder):
    ones = os.path.join(folder, "ones.csv")
    with open(ones, "w") as file:
        file.write(",".join(["1"] * 10) + "\n")
    run = initlaw(build, "--gradients", "--input", ones, find=lambda answer: answer["gradients"]["log_input_norm2"])
    duel("Gradients of one output", 100, 50, ("initlaw simulate --gradients", 100_000, run),
         ("PyTorch, dense, autograd", 200, peer("torch_dense_gradients")))
    duel("Gradients of one output", 1000, 50, ("initlaw simulate --gradients", 10_000, run),
         ("PyTorch, dense, autograd", 20, peer("torch_dense_gradients")))


def tangent_kernels(build, folder):
    """The tangent kernel of ten orthogonal inputs: the first two gradients' cosine."""
    run = initlaw(build, "--input", ten_orthogonal(folder), "--rows", "0-9", command="ntk",
                  find=lambda answer: answer["pairs"][1]["cosine"])
    for width, ours, theirs in ((100, 10_000, 100), (300, 2000, 10)):
        duel("Tangent kernel of ten inputs", width, 50, ("initlaw ntk --rows 0-9", ours, run),
             ("PyTorch, dense, autograd", theirs, peer("torch_dense_tangent_kernel")))


def scaling(build):
    print("\n## Cost against width\n")
    print("| width | depth | samples | ns per neuron, layer and network |")
    print("|---|---|---|---|")
    run = initlaw(build)
    for width in (8, 16, 32, 100, 1000, 10_000, 100_000, 1_000_000):
        depth = 50
        samples = max(32, int(1e9 / (width * depth)))
        seconds = min(run(width, depth, samples)[0] for _ in range(ROUNDS))
        print(f"| {width} | {depth} | {samples} | {seconds * 1e9 / (samples * width * depth):.3g} |")


def architectures(build):
    print("\n## Networks that people train, depth 50, one core\n\nProcessor time beside that of the standard ResNet's.\n")
    print("| | width 100 | width 1000 |")
    print("|---|---|---|")
    command = [os.path.join(build, "initlaw"), "simulate", "--threads", "1", "--depth", "50", "--json", os.devnull]
    times = {}
    for options in ("", "--norm pre", "--branch linear-first", "--norm pre --branch linear-first",
                    "--norm pre --activation gelu", "--norm pre --activation gelu --branch linear-first",
                    "--weights orthogonal"):
        for width in (100, 1000):
            arguments = ["--width", str(width), "--samples", str(30_000_000 // width), *options.split()]
            times[options, width] = min(processor_time([*command, *arguments]) for _ in range(ROUNDS))
        if options:
            print(f"| `{options}` | " + " | ".join(f"{times[options, w] / times['', w]:.2f}" for w in (100, 1000)) + " |")


def processor_time(command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    subprocess.run(command, check=True, capture_output=True)
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before


def laws(build):
    best = {}
    for _ in range(ROUNDS):
        for result in benchmarks(build, "^(cumulants|evaluate)/", 0.05):
            best[result["name"]] = min(best.get(result["name"], math.inf), result["cpu_time"])
    print("\n## Laws, one core\n\nMilliseconds for the cumulants up to an order (`bench/law_bench.cpp`). Constant: "
          "$\\alpha^2 = \\lambda^2 = 1/2$; stable: $\\alpha = 1$,\n$\\lambda = 1/\\sqrt d$; schedule: the same with a "
          "$\\lambda$ that doubles from the first layer to the last.\n")
    print("| | depth | $1/n$ (the limit) | $1/n^2$ | $1/n^3$ |")
    print("|---|---|---|---|---|")
    for network, depths in (("constant", (100, 1000, 10_000, 100_000)), ("stable", (100, 1000, 10_000, 100_000)),
                            ("schedule", (100, 1000, 10_000))):
        for depth in depths:
            times = (best[f"cumulants/{network}_{order}/{depth}"] for order in (1, 2, 3))
            print(f"| {network} | {depth} | {' | '.join(f'{time:.3g}' for time in times)} |")
    print("\nMicroseconds for one value, width 100, depth 50, 10 outputs:\n")
    print("| | $1/n$ (log-Gaussian) | $1/n^2$ |")
    print("|---|---|---|")
    for function in ("pdf", "cdf", "quantile"):
        print(f"| {function} | {best[f'evaluate/{function}_1']:.3g} | {best[f'evaluate/{function}_2']:.3g} |")


def processor():
    with open("/proc/cpuinfo") as file:
        return next((line.split(":")[1].strip() for line in file if line.startswith("model name")), platform.machine())


def main():
    build = sys.argv[1]
    print("# Benchmarks\n")
    print(f"What `script/bench` printed on {processor()}, {CORES} cores. Each contestant's best of {ROUNDS} rounds; all agree in mean and")
    print("variance of $\\ln \\lVert z_{out} \\rVert^2$ within 4.5 standard errors. The expert's scripts use the same O(n) step, batched. The")
    print("dense ones are what most people write (`bench/peers/peers.py`). Timings depend on the machine, so look at the ratios.")
    table(build, 100, 50)
    table(build, 1000, 50)
    scaling(build)
    architectures(build)
    laws(build)
    with tempfile.TemporaryDirectory() as folder:
        several_inputs(build, folder)
        gradients(build, folder)
        tangent_kernels(build, folder)
    print("\n## The normal generator\n")
    normals = subprocess.run([os.path.join(build, "bench", "normals_check")], capture_output=True, text=True)
    print(normals.stdout)
    if normals.returncode != 0:
        sys.exit("the generator's numbers are not normal")


if __name__ == "__main__":
    main()
