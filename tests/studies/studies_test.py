"""Studies end to end: whatever happens to a run, the study is what an uninterrupted run makes of it.

usage: studies_test.py INITLAW_COMMAND DATA_FOLDER
"""

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

COMMAND, DATA = map(os.path.abspath, sys.argv[1:3])
MPIRUN = shutil.which("mpirun")

# Cells of one task and of many, with a remainder and without, with both kinds of goal.
STUDY = """
[[grid]]
width = [16, 64]
depth_per_width = [0.25, 1]
seed = [1, 2]
samples = [50_000]

[[grid]]
family = "balanced"
width = 100
depth = 50
samples = 400_003

[[grid]]
width = 40
depth = 10
std_error = 0.002
estimator = ["plain", "paired"]
"""


def initlaw(*arguments, **options):
    options = {"capture_output": True, "text": True, "timeout": 300, **options}
    return subprocess.run([COMMAND, *map(str, arguments)], **options)


class WithAStudy(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.toml = self.folder / "study.toml"
        self.toml.write_text(STUDY)
        self.file = self.folder / "study.sqlite"

    def run_study(self, *arguments, **options):
        return initlaw("study", "run", self.toml, *arguments, **options)

    def exported(self, file=None):
        result = initlaw("study", "export", file or self.file, "--json", "-")
        self.assertEqual(result.returncode, 0, result.stderr)
        return result.stdout

    def uninterrupted(self):
        file = self.folder / "uninterrupted.sqlite"
        self.assertEqual(self.run_study("--out", file).returncode, 0)
        return self.exported(file)


class Studies(WithAStudy):
    def test_a_run_killed_at_50_random_moments_gives_the_bytes_of_an_uninterrupted_one(self):
        start = time.monotonic()
        expected = self.uninterrupted()
        duration = time.monotonic() - start
        random.seed(1)
        finished = 0
        for kill in range(50):
            process = subprocess.Popen([COMMAND, "study", "run", self.toml], stderr=subprocess.DEVNULL)
            time.sleep(random.uniform(0, min(duration, 1)))
            process.send_signal(signal.SIGKILL)
            finished += process.wait() == 0
            if self.file.exists() and kill % 10 == 0:
                verified = initlaw("study", "verify", self.file)
                # Before the first transaction there is no schema yet.
                self.assertTrue(verified.returncode == 0 or "not a study" in verified.stderr, verified)
            if finished > 3:
                # All is done: begin again, so that every kill meets work.
                for leftover in self.folder.glob("study.sqlite*"):
                    leftover.unlink()
                finished = 0
        self.assertEqual(self.run_study().returncode, 0)
        self.assertEqual(self.exported(), expected)

    def test_ctrl_c_ends_cleanly_and_the_same_command_goes_on(self):
        expected = self.uninterrupted()
        process = subprocess.Popen([COMMAND, "study", "run", self.toml], stderr=subprocess.PIPE, text=True)
        time.sleep(0.1)
        process.send_signal(signal.SIGINT)
        message = process.communicate()[1]
        self.assertIn(process.returncode, (0, 130))
        if process.returncode == 130:
            self.assertIn("run the same command to go on", message)
        self.assertEqual(self.run_study().returncode, 0)
        self.assertEqual(self.exported(), expected)

    def test_what_is_finished_is_not_computed_again(self):
        self.run_study()
        before = self.seconds()
        self.assertEqual(self.run_study().returncode, 0)
        self.assertEqual(self.seconds(), before)
        self.toml.write_text(STUDY.replace("seed = [1, 2]", "seed = [1, 2, 3]"))
        self.run_study()
        after = self.seconds()
        self.assertEqual(after[: len(before)], before)
        self.assertEqual(len(after), len(before) + 4)

    def seconds(self):
        with sqlite3.connect(f"file:{self.file}?mode=ro", uri=True) as database:
            return database.execute("SELECT id, seconds FROM cell ORDER BY id").fetchall()

    def test_more_samples_continue_the_stream(self):
        self.toml.write_text("width = [20, 100]\ndepth = 30\nsamples = 30_001\n")
        self.run_study()
        self.assertEqual(initlaw("study", "extend", self.file, "--samples", "1e5").returncode, 0)
        straight = self.folder / "straight.sqlite"
        self.toml.write_text("width = [20, 100]\ndepth = 30\nsamples = 1e5\n")
        self.run_study("--out", straight)
        self.assertEqual(self.exported(), self.exported(straight))

    def test_samples_that_are_enough_have_the_standard_error_asked_for(self):
        self.toml.write_text("width = [20, 100]\ndepth = 30\nstd_error = 0.004\n")
        self.run_study()
        with sqlite3.connect(self.file) as database:
            for error, samples in database.execute("SELECT G_mean_error, samples FROM result"):
                self.assertLessEqual(error, 0.004)
                self.assertGreater(error, 0.0036)
                self.assertLess(samples, 10**6)

    def test_a_full_disk_loses_nothing(self):
        expected = self.uninterrupted()
        limited = f"ulimit -f 200; exec {COMMAND} study run {self.toml}"
        result = subprocess.run(["bash", "-c", limited], capture_output=True, text=True)
        self.assertEqual(result.returncode, 1, result.stderr)
        self.assertIn("study.sqlite", result.stderr)
        self.assertIn("is safe", result.stderr)
        self.assertEqual(self.run_study().returncode, 0)
        self.assertEqual(self.exported(), expected)

    def test_two_processes_do_not_write_one_file(self):
        self.toml.write_text("width = 100\ndepth = 100\nsamples = 1e6\n")
        first = subprocess.Popen([COMMAND, "study", "run", self.toml], stderr=subprocess.PIPE)
        while not self.file.exists():
            time.sleep(0.01)
        time.sleep(0.3)
        second = self.run_study()
        self.assertEqual(second.returncode, 2)
        self.assertIn("another process is writing", second.stderr)
        # Reading is allowed meanwhile.
        self.assertEqual(initlaw("study", "status", self.file).returncode, 0)
        first.communicate()
        self.assertEqual(first.returncode, 0)

    def test_a_file_of_a_newer_version_is_refused(self):
        self.run_study()
        with sqlite3.connect(self.file) as database:
            database.execute("PRAGMA user_version = 99")
        for result in (self.run_study(), initlaw("study", "show", self.file)):
            self.assertEqual(result.returncode, 2)
            self.assertIn("newer initlaw", result.stderr)

    def test_cells_of_another_version_are_left_alone(self):
        self.run_study()
        with sqlite3.connect(self.file) as database:
            database.execute("UPDATE cell SET version = '0.0.1', finished = 0 WHERE id = 1")
        result = self.run_study()
        self.assertEqual(result.returncode, 0)
        self.assertIn("another version", result.stderr)
        with sqlite3.connect(self.file) as database:
            rows = database.execute("SELECT count(*), count(DISTINCT version) FROM cell").fetchone()
        self.assertEqual(rows, (12, 2))

    def test_damage_is_found(self):
        self.run_study()
        with sqlite3.connect(self.file) as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            database.execute("UPDATE cell SET tally = substr(tally, 1, 100) || x'00' || substr(tally, 102) WHERE id = 9")
        result = initlaw("study", "verify", self.file)
        self.assertEqual(result.returncode, 1)
        self.assertIn("cell 9: ", result.stdout)

    def test_a_result_that_was_changed_is_found(self):
        self.run_study()
        with sqlite3.connect(self.file) as database:
            database.execute("UPDATE cell SET result = json_set(result, '$.G.mean.value', 1.5)")
        result = initlaw("study", "verify", self.file)
        self.assertEqual(result.returncode, 1)
        self.assertIn("another result", result.stdout)

    def test_a_broken_file_is_refused_and_left_alone(self):
        self.run_study()
        with sqlite3.connect(self.file) as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        content = bytearray(self.file.read_bytes())
        for name, broken in (("no database", b"nonsense" * 1000), ("pages", content[:4096] + b"\xff" * (len(content) - 4096))):
            with self.subTest(name):
                self.file.write_bytes(broken)
                for suffix in ("-wal", "-shm"):
                    Path(f"{self.file}{suffix}").unlink(missing_ok=True)
                result = self.run_study()
                self.assertIn(result.returncode, (1, 2), result.stderr)
                self.assertIn("study.sqlite", result.stderr)
                self.assertEqual(self.file.read_bytes(), broken)

    def test_the_pictures_are_drawn(self):
        self.run_study()
        result = initlaw("study", "plot", self.file, "--out", self.folder / "pictures")
        self.assertEqual(result.returncode, 0, result.stderr)
        names = {path.name for path in (self.folder / "pictures").iterdir()}
        self.assertLessEqual({"study.html", "map-of-limits.svg", "deviation.csv", "collapse-1.svg"}, names)

    def test_inputs_are_read_from_files_beside_the_study(self):
        shutil.copy(Path(DATA) / "digits.csv.gz", self.folder)
        self.toml.write_text('width = 16\ndepth = 4\nsamples = 1000\ninput = "digits.csv.gz"\nrow = [0, 1]\n')
        self.assertEqual(self.run_study().returncode, 0)
        with sqlite3.connect(self.file) as database:
            means = [row[0] for row in database.execute("SELECT log_gaussian_mean FROM result")]
        self.assertNotEqual(means[0], means[1])

    def test_wrong_studies_are_refused_in_one_line(self):
        for text, message in (
            ("", "grid: is empty"),
            ("width = 10\ndepth = []\n", "depth: is an empty list"),
            ("width = 10\ndepth = 5\nwidht = 3\n", "widht: is no key of a grid"),
            ("width = 10\ndepth = {from = 10, to = 1}\n", "depth: {\"from\":10,\"to\":1} has no value"),
            ("width = 10\ndepth = {from = 1, to = 10, factor = 0.5}\n", "leads away"),
            ("width = 10\ndepth = {from = 1, to = 10, step = 0}\n", "step of 0"),
            ("width = 10\ndepth = {from = 1}\n", "has no to"),
            ("width = 10\ndepth = [5, 5]\n", "cell 2 of 2 is the same as cell 1"),
            ("width = 10\ndepth = 5\nsamples = 0\n", "samples: 0"),
            ("width = 10\ndepth = 5\nsamples = 1.5\n", "samples: 1.5 is not a whole number"),
            ("width = 10\ndepth = 5\nstd_error = -1\n", "std_error: -1"),
            ("width = 10\ndepth = 5\nmethod = 'slow'\n", "method: \"slow\" is not one of dense, fast"),
            ("width = -1\ndepth = 5\n", "width: -1 is out of range"),
            ("width = 10\ndepth = 5\nfamily = ['vanilla', 'nilla']\n", "cell 2 of 2"),
            ("width = 10\ndepth_per_width = 0.5\ndepth = 3\n", "contradicts depth"),
            ("width = 10\ndepth = 5\nrow = 3\n", "Give input"),
            ("width = 10\ndepth = 5\ninput = 'none.csv'\n", "none.csv"),
            ("width = [\n", "line"),
            ("width = 100\ndepth = 50\nseed = {from = 1, to = 1e9}\n", "has 1000000000 cells, which take roughly"),
        ):
            with self.subTest(text):
                self.toml.write_text(text)
                result = self.run_study()
                self.assertEqual(result.returncode, 2, result.stderr)
                self.assertIn(message, result.stderr)
                self.assertEqual(result.stderr.count("\n"), 1)
                self.assertFalse(self.file.exists())

    def test_files_that_are_missing_are_told(self):
        for arguments in (("run", "no.toml"), ("show", "no.sqlite"), ("extend", "no.sqlite", "--samples", "10"),
                          ("verify", "no.sqlite"), ("extend", "no.sqlite"), ("export", self.toml)):
            result = initlaw("study", *arguments, cwd=self.folder)
            self.assertEqual(result.returncode, 2, arguments)
            self.assertFalse((self.folder / "no.sqlite").exists())


@unittest.skipUnless(MPIRUN, "mpirun is not installed")
class StudiesOnSeveralProcesses(WithAStudy):
    def mpirun(self, processes, *arguments):
        command = [MPIRUN, "--allow-run-as-root", "--oversubscribe", "-np", str(processes), COMMAND, *map(str, arguments)]
        return subprocess.run(command, capture_output=True, text=True, timeout=300)

    def test_any_number_of_processes_gives_the_same_bytes(self):
        expected = self.uninterrupted()
        simulation = ("simulate", "--width", 64, "--depth", 30, "--samples", 200_003, "--json", "-")
        for processes in (1, 2, 3, 4):
            file = self.folder / f"{processes}.sqlite"
            result = self.mpirun(processes, "study", "run", self.toml, "--out", file)
            self.assertEqual(result.returncode, 0, result.stderr)
            self.assertEqual(self.exported(file), expected)
            self.assertEqual(self.mpirun(processes, *simulation).stdout, initlaw(*simulation).stdout)

    def test_tails_are_shared(self):
        tail = ("tail", "--width", 10, "--depth", 5, "--threshold", 50, "--samples", 50_000, "--json", "-")
        for processes in (1, 3):
            result = self.mpirun(processes, *tail)
            self.assertEqual(result.returncode, 0, result.stderr)
            self.assertEqual(result.stdout, initlaw(*tail).stdout)

    def test_what_runs_in_one_process_is_refused_on_all(self):
        for arguments in (("kernel", "--width", 10, "--depth", 5, "--input", self.toml, "--rows", "0-1"),
                          ("reproduce", "--quick", "--out", self.folder / "report")):
            result = self.mpirun(2, *arguments)
            self.assertEqual(result.returncode, 2)
            ours = [line for line in result.stderr.splitlines() if line.startswith("initlaw: ")]
            self.assertEqual(len(ours), 1, result.stderr)
            self.assertIn(f"initlaw: {arguments[0]}: runs in one process, and 2 were started", ours[0])
            self.assertFalse((self.folder / "report").exists())

    def test_all_processes_end_with_the_status_of_the_first(self):
        statuses = self.folder / "statuses"
        script = self.folder / "run"
        script.write_text(f"#!/bin/sh\n{COMMAND} kernel --width 10 --depth 5 --input x --rows 0\n"
                          f"echo $? >> {statuses}\n")
        script.chmod(0o755)
        subprocess.run([MPIRUN, "--allow-run-as-root", "--oversubscribe", "-np", "3", str(script)],
                       capture_output=True, timeout=300)
        self.assertEqual(statuses.read_text().split(), ["2", "2", "2"])

    def test_a_process_that_dies_ends_the_run_and_the_file_goes_on(self):
        self.toml.write_text(STUDY.replace("400_003", "4_000_003"))
        expected = self.uninterrupted()
        run = subprocess.Popen(
            [MPIRUN, "--allow-run-as-root", "--oversubscribe", "-np", "3", COMMAND, "study", "run", str(self.toml)],
            stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, start_new_session=True)
        while not self.file.exists():
            time.sleep(0.01)
        time.sleep(1)
        members = subprocess.run(["pgrep", "-f", f"^{COMMAND} study run {self.toml}"], capture_output=True, text=True)
        os.kill(int(members.stdout.split()[-1]), signal.SIGKILL)
        message = run.communicate(timeout=60)[1]
        self.assertNotEqual(run.returncode, 0)
        self.assertIn("signal 9", message)
        self.assertEqual(self.run_study().returncode, 0)
        self.assertEqual(self.exported(), expected)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
