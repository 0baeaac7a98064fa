#!/usr/bin/env python3
"""What the Python module costs over the command's own work: a call that does nearly nothing, and a long simulation.

usage: python_overhead.py INITLAW_COMMAND, with the module installed
"""

import subprocess
import sys
import time

import initlaw


def best_of(repeats, work):
    """The shortest of several times, in seconds."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


net = initlaw.vanilla(width=100, depth=50, outputs=10)
law = initlaw.infinite_width(net)
calls = 10_000
call = best_of(5, lambda: [law.mean() for _ in range(calls)]) / calls
make = best_of(5, lambda: [initlaw.vanilla(width=100, depth=50) for _ in range(1000)]) / 1000
print(f"one call of law.mean(): {1e6 * call:.2f} microseconds; of vanilla(...): {1e6 * make:.1f}")

options = "--width 100 --depth 50 --outputs 10 --samples 1000000 --json /dev/null".split()
nothing = "--width 100 --depth 50 --outputs 10 --samples 16 --json /dev/null".split()
module, command = [], []
for _ in range(5):
    module.append(best_of(1, lambda: initlaw.simulate(net, 10**6, progress=False)))
    total, start = (best_of(1, lambda o=o: subprocess.run([sys.argv[1], "simulate", *o], stdout=subprocess.DEVNULL, check=True))
                    for o in (options, nothing))
    command.append(total - start)
print(f"10^6 networks: module {min(module):.3f} s, command less its start {min(command):.3f} s, "
      f"overhead {100 * (min(module) / min(command) - 1):+.1f}%")
