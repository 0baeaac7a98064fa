#!/usr/bin/env python3
"""How much of its time a study of many tiny cells spends outside the sampler.

usage: study_overhead.py INITLAW_COMMAND [CELLS]
"""

import os
import sqlite3
import subprocess
import sys
import tempfile
import time

command, cells = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 10_000
with tempfile.TemporaryDirectory() as folder:
    study, file = f"{folder}/study.toml", f"{folder}/study.sqlite"
    with open(study, "w") as toml:
        toml.write(f"width = 32\ndepth = 32\nsamples = 20_000\nseed = {{from = 1, to = {cells}}}\n")
    start = time.perf_counter()
    subprocess.run([command, "study", "run", study], check=True, stderr=subprocess.DEVNULL)
    wall = time.perf_counter() - start
    with sqlite3.connect(file) as database:
        (sampler,) = database.execute("SELECT sum(seconds) FROM cell").fetchone()
    cores = os.cpu_count()
    print(f"{cells} cells of {1e3 * sampler / cells:.1f} ms: {wall:.1f} s on {cores} cores, "
          f"{100 * (1 - sampler / (cores * wall)):.1f}% of them outside the sampler; "
          f"{os.path.getsize(file) / cells / 1e3:.1f} kB a cell")
