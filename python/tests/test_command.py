"""The command that is installed with the module."""

import subprocess
import sys

import initlaw


def run(*arguments):
    return subprocess.run([sys.executable, "-m", "initlaw", *arguments], capture_output=True, text=True)


def test_it_runs_as_a_module():
    assert run("--version").stdout == f"initlaw {initlaw.__version__}\n"


def test_its_errors_and_statuses_are_its_own():
    wrong = run("predict", "--width", "0", "--depth", "1")
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert wrong.stderr.startswith("initlaw: width")
