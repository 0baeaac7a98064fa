"""Studies end to end: whatever happens to a run, the study is what an uninterrupted run makes of it.

usage: studies_test.py INITLAW_COMMAND DATA_FOLDER [CLASS...]
"""

import csv
import functools
import json
import os
import random
import re
import shutil
import signal
import sqlite3
import struct
import subprocess
import sys
import tempfile
import time
import unittest
import zlib
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
samples = 200_003

[[grid]]
width = 40
depth = 10
std_error = 0.002
estimator = ["plain", "antithetic"]
"""


SMALL_STUDY = """
width = [4, 5, 6]
depth = [2, 3]
samples = 500
"""

def several_inputs(rows):
    """Grid keys by which the cells have several inputs."""
    return f"input = '{DATA}/digits.csv.gz'\n{rows}"


# Cells of several inputs of one task and of many, with a remainder and without, between those of one input.
JOINT_STUDY = f"""
[[grid]]
width = [8, 16]
depth = 8
samples = 2003
{several_inputs("rows = ['0-2', '4,3']")}

[[grid]]
width = 20
depth = 10
samples = 3000

[[grid]]
width = 60
depth = 30
samples = [2000]
seed = [1, 2]
layers = '0-3,20'
pairs = '0-1,4-2'
{several_inputs("rows = '0-5'")}
"""

# What a cell's checksum is of, in this order.
COLUMNS = """id, network, input, seed, method, precision, estimator, result_version, goal_samples, goal_std_error,
    target_samples, samples, sums, result, seconds, finished"""


def checksum(*values):
    """As docs/studies.md defines it."""
    content = b""
    for value in values:
        if value is None:
            content += b"n" + bytes(8)
        elif isinstance(value, int):
            content += b"i" + struct.pack("<q", value)
        elif isinstance(value, float):
            content += b"r" + struct.pack("<d", value)
        else:
            encoded = value.encode() if isinstance(value, str) else value
            content += (b"t" if isinstance(value, str) else b"b") + struct.pack("<Q", len(encoded)) + encoded
    return zlib.crc32(content)


def initlaw(*arguments, **options):
    options = {"capture_output": True, "text": True, "errors": "replace", "timeout": 300, **options}
    return subprocess.run([COMMAND, *map(str, arguments)], **options)


def exported(file):
    result = initlaw("study", "export", file, "--json", "-")
    assert result.returncode == 0, result.stderr
    return result.stdout


@functools.cache
def uninterrupted(study):
    """What a study's file exports after one run, and the seconds that it took."""
    with tempfile.TemporaryDirectory() as folder:
        toml, file = Path(folder) / "study.toml", Path(folder) / "study.sqlite"
        toml.write_text(study)
        start = time.monotonic()
        result = initlaw("study", "run", toml)
        assert result.returncode == 0, result.stderr
        return exported(file), time.monotonic() - start


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

    def change(self, assignments, where="TRUE", checked=True):
        """Changes cells by other hands, with the right checksum or without."""
        with sqlite3.connect(self.file) as database:
            database.create_function("checksum", -1, checksum)
            database.execute(f"UPDATE cell SET {assignments} WHERE {where}")
            if checked:
                database.execute(f"UPDATE cell SET checksum = checksum({COLUMNS})")
        database.close()

    def verified(self, *arguments):
        result = initlaw("study", "verify", self.file, *arguments)
        return result.returncode, result.stdout

    def exported(self, file=None):
        return exported(file or self.file)

    def wait_for_samples(self):
        for _ in range(600):
            status = initlaw("study", "status", self.file).stdout
            if "Networks" in status and "Networks       0\n" not in status:
                return
            time.sleep(0.05)
        self.fail("nothing was simulated")


class Studies(WithAStudy):
    def test_a_run_killed_at_50_random_moments_gives_the_bytes_of_an_uninterrupted_one(self):
        expected, duration = uninterrupted(STUDY)
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

    def test_a_journal_that_a_kill_left_is_played_back_by_whoever_reads(self):
        self.toml.write_text(SMALL_STUDY)
        self.run_study()
        before = self.exported()
        killed = self.folder / "killed.sqlite"
        with sqlite3.connect(self.file) as database:
            database.execute("PRAGMA journal_mode = DELETE")
            database.execute("PRAGMA cache_size = 1")
            database.execute("BEGIN")
            database.execute("UPDATE cell SET seconds = 0, sums = zeroblob(100000)")
            for suffix in ("", "-journal"):
                shutil.copy(f"{self.file}{suffix}", f"{killed}{suffix}")
            database.rollback()
        database.close()
        self.assertNotEqual(killed.read_bytes(), self.file.read_bytes())
        self.assertEqual(initlaw("study", "verify", killed).returncode, 0)
        self.assertEqual(exported(killed), before)

    def test_ctrl_c_ends_cleanly_and_the_same_command_goes_on(self):
        expected, _ = uninterrupted(STUDY)
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
        expected, _ = uninterrupted(STUDY)
        limited = f"ulimit -f 200; exec {COMMAND} study run {self.toml}"
        result = subprocess.run(["bash", "-c", limited], capture_output=True, text=True)
        self.assertEqual(result.returncode, 1, result.stderr)
        self.assertIn("study.sqlite", result.stderr)
        self.assertIn("is safe", result.stderr)
        self.assertEqual(self.run_study().returncode, 0)
        self.assertEqual(self.exported(), expected)

    def test_two_processes_do_not_write_one_file(self):
        self.toml.write_text("width = 100\ndepth = 100\nsamples = 1e9\n")
        first = subprocess.Popen([COMMAND, "study", "run", self.toml], stderr=subprocess.PIPE)
        while not self.file.exists():
            time.sleep(0.01)
        time.sleep(0.3)
        second = self.run_study()
        self.assertEqual(second.returncode, 2)
        self.assertIn("another process is writing", second.stderr)
        # Reading is allowed meanwhile.
        self.assertEqual(initlaw("study", "status", self.file).returncode, 0)
        # A link does not help.
        for link, make in (("symbolic", os.symlink), ("hard", os.link)):
            make(self.file, self.folder / link)
            self.assertEqual(self.run_study("--out", self.folder / link).returncode, 2)
        os.unlink(self.folder / "hard")
        first.send_signal(signal.SIGINT)
        first.communicate()
        self.assertEqual(first.returncode, 130)
        self.assertEqual(self.verified()[0], 0)

    def test_a_file_of_a_newer_version_is_refused(self):
        self.toml.write_text(SMALL_STUDY)
        self.run_study()
        with sqlite3.connect(self.file) as database:
            database.execute("PRAGMA user_version = 99")
        for result in (self.run_study(), initlaw("study", "show", self.file)):
            self.assertEqual(result.returncode, 2)
            self.assertIn("newer initlaw", result.stderr)

    def test_cells_of_another_result_version_are_left_alone(self):
        self.toml.write_text(SMALL_STUDY)
        self.run_study()
        self.change("result_version = 2, finished = 0", "id = 1")
        result = self.run_study()
        self.assertEqual(result.returncode, 0)
        self.assertIn("another result version", result.stderr)
        with sqlite3.connect(self.file) as database:
            rows = database.execute("SELECT count(*), count(DISTINCT result_version) FROM cell").fetchone()
        self.assertEqual(rows, (7, 2))

    def test_damage_is_found_wherever_it_is(self):
        self.toml.write_text(SMALL_STUDY)
        self.run_study()
        csv = self.folder / "study.csv"
        export = ("study", "export", self.file, "--csv", csv, "--json", self.folder / "study.json")
        self.assertEqual(initlaw(*export).returncode, 0)
        expected = csv.read_bytes() + (self.folder / "study.json").read_bytes()
        whole = self.file.read_bytes()
        random.seed(2)
        refused = 0
        for attempt in range(150):
            damaged = bytearray(whole)
            place = random.randrange(len(whole))
            if attempt % 5 == 0:  # two pages in each other's place
                first, second = (slice(4096 * page, 4096 * (page + 1)) for page in random.sample(range(len(whole) // 4096), 2))
                damaged[first], damaged[second] = whole[second], whole[first]
            elif attempt % 5 == 1:  # a sector that was not written
                damaged[place - place % 512 : place - place % 512 + 512] = bytes(512)
            elif attempt % 5 == 2:  # the end that was not written
                damaged = damaged[:place]
            else:
                damaged[place] ^= random.randrange(1, 256)
            self.file.write_bytes(damaged)
            for suffix in ("-wal", "-shm"):
                Path(f"{self.file}{suffix}").unlink(missing_ok=True)
            result = initlaw(*export)
            if result.returncode == 0:
                self.assertEqual(csv.read_bytes() + (self.folder / "study.json").read_bytes(), expected)
            else:
                refused += 1
                self.assertIn("study.sqlite: ", result.stderr)
                self.assertEqual(result.stderr.count("\n"), 1)
        self.assertGreater(refused, 50)

    def test_one_digit_is_found_by_whoever_reads_it(self):
        self.toml.write_text("width = [4, 5]\ndepth = 2\nsamples = 500\n")
        self.run_study()
        whole = self.file.read_bytes()
        for change in ("result = json_set(result, '$.gaussian.ks', 0.5)", "network = json_set(network, '$.depth', 3)",
                       "seed = 2", "samples = 501", "goal_samples = 501", "method = 'dense'", "input = '[1]'",
                       "result_version = 2", "seconds = 2.5"):
            with self.subTest(change):
                self.file.write_bytes(whole)
                self.change(change, "id = 2", checked=False)
                self.assertEqual(self.verified(), (1, f"{self.file}: cell 2: is damaged: its checksum is another\n"))
                for reader in (("show",), ("status",), ("export", "--csv", "-"), ("export", "--json", "-")):
                    result = initlaw("study", reader[0], self.file, *reader[1:])
                    self.assertEqual((result.returncode, result.stdout), (1, ""), reader)
                    self.assertIn("is damaged", result.stderr)

    def test_verify_names_cells_that_contradict_themselves(self):
        self.toml.write_text("width = 64\ndepth = 64\nsamples = 20_000\nseed = [1, 2]\n")
        self.run_study()
        whole = self.file.read_bytes()
        for change, message in (("sums = CAST(substr(sums, 1, 100) || x'00' || substr(sums, 102) AS BLOB)", "bytes: are"),
                                ("result = json_set(result, '$.samples', 7)", "but a result of 7"),
                                ("network = json_set(network, '$.depth', -1)", "depth: -1"),
                                ("network = '[]'", "network")):
            with self.subTest(change):
                self.file.write_bytes(whole)
                self.change(change, "id = 2")
                status, text = self.verified()
                self.assertEqual(status, 1)
                self.assertIn(f"{self.file}: cell 2: ", text)
                self.assertIn(message, text)

    def test_verify_repeats_the_cheapest_finished_cells_of_this_result_version(self):
        # The first would be the cheapest if dense networks cost no more than fast ones.
        self.toml.write_text("[[grid]]\nwidth = 64\ndepth = 2\nmethod = \"dense\"\nsamples = 500\n"
                             "[[grid]]\nwidth = 64\ndepth = 8\nsamples = 1000\nseed = [1, 2]\n")
        self.run_study()
        whole = self.file.read_bytes()
        wrong = "result = json_set(result, '$.G.mean.value', 1.5)"
        for changes, arguments, found in (
            ({1: wrong}, (), []),
            ({2: wrong}, (), [2]),
            ({3: wrong}, (), []),
            ({3: wrong}, ("--repeat", 2), [3]),
            ({2: wrong + ", result_version = 2"}, (), []),
            ({2: wrong + ", finished = 0"}, (), []),
            ({2: "result_version = 2", 3: wrong}, (), [3]),
            ({2: "finished = 0", 3: wrong}, (), [3]),
            ({1: wrong, 2: wrong, 3: wrong}, ("--repeat", 0), []),
        ):
            with self.subTest(str(changes)):
                self.file.write_bytes(whole)
                for cell, change in changes.items():
                    self.change(change, f"id = {cell}")
                lines = [f"{self.file}: cell {cell}: a new simulation gives another result\n" for cell in found]
                self.assertEqual(self.verified(*arguments),
                                 (1, "".join(lines)) if found else (0, f"{self.file}: no damage was found\n"))

    def former(self, schema):
        """The study's file as initlaw 0.1.0 wrote it in an earlier schema."""
        old = self.folder / f"schema_{schema}.sqlite"
        old.unlink(missing_ok=True)
        columns = COLUMNS.replace("result_version", "version").replace("sums", "tally")
        with sqlite3.connect(self.file) as database, sqlite3.connect(old) as former:
            former.create_function("checksum", -1, checksum)
            for name, text in database.execute("SELECT name, sql FROM sqlite_schema").fetchall():
                text = text.replace("result_version INTEGER", "version TEXT").replace("result_version", "version")
                text = text.replace("sums BLOB", "tally BLOB")
                text = re.sub(r",\s*json_extract\(result, '\$.exact.\w+'\) AS \w+", "", text)
                if schema == 1:
                    text = text.replace("  checksum INTEGER NOT NULL DEFAULT 0,\n", "")
                if name != "angles" and (schema == 2 or name != "study"):
                    former.execute(text)
            database.row_factory = sqlite3.Row
            for row in map(dict, database.execute(f"SELECT {COLUMNS} FROM cell")):
                row["estimator"] = row["estimator"].replace("antithetic", "paired")
                row["result_version"] = "0.1.0"
                former.execute(f"INSERT INTO cell ({columns}) VALUES (?{', ?' * 15})", tuple(row.values()))
            if schema == 2:
                former.execute(f"UPDATE cell SET checksum = checksum({columns})")
                former.execute("INSERT INTO study VALUES (1, 0, checksum(0))")
            former.execute(f"PRAGMA application_id = {0x696c6177}")
            former.execute(f"PRAGMA user_version = {schema}")
        former.close()
        return old

    def test_a_file_of_an_earlier_schema_keeps_its_results_beside_those_of_this_result_version(self):
        self.toml.write_text("""
            family = "fully-connected"
            width = [4, 5]
            depth = 2
            samples = 500
            """)
        self.run_study()
        now = json.loads(self.exported())["cells"]
        for schema in (1, 2):
            with self.subTest(schema):
                old = self.former(schema)
                before = old.read_bytes()
                result = initlaw("study", "show", old)
                self.assertEqual(result.returncode, 2)
                self.assertIn("older initlaw", result.stderr)
                self.assertEqual(old.read_bytes(), before)
                result = self.run_study("--out", old)
                self.assertEqual(result.returncode, 0)
                self.assertIn("2 cells are of another result version", result.stderr)
                cells = json.loads(exported(old))["cells"]
                self.assertEqual([cell["result_version"] for cell in cells], [3, 3] + 2 * [now[0]["result_version"]])
                for cell, expected in zip(cells, now + now):
                    self.assertEqual({**cell, "result_version": 0}, {**expected, "result_version": 0})
                self.assertEqual(initlaw("study", "verify", old).returncode, 0)
                with sqlite3.connect(old) as database:
                    self.assertEqual(database.execute("SELECT count(*) FROM result WHERE exact_ks > 0").fetchone(), (4,))
                database.close()

    def test_a_file_of_schema_3_or_5_gets_the_columns_and_views_of_this_one_and_keeps_its_cells(self):
        for schema in (3, 5):
            with self.subTest(schema):
                for leftover in self.folder.glob("study.sqlite*"):
                    leftover.unlink()
                self.toml.write_text(SMALL_STUDY)
                self.run_study()
                cells = json.loads(self.exported())["cells"]
                with sqlite3.connect(self.file) as database:
                    database.create_function("initlaw_checksum", -1, checksum)
                    database.execute("DROP VIEW angles")
                    if schema == 3:
                        for cell in cells:
                            del cell["finite_width"]
                        database.execute("UPDATE cell SET result = json_remove(result, '$.finite_width')")
                        database.execute(f"UPDATE cell SET checksum = initlaw_checksum({COLUMNS})")
                        (view,) = database.execute("SELECT sql FROM sqlite_schema WHERE name = 'result'").fetchone()
                        database.execute("DROP VIEW result")
                        database.execute(re.sub(r",\s*json_extract\(result, '\$.finite_width.\w+'\) AS \w+", "", view))
                    database.execute(f"PRAGMA user_version = {schema}")
                database.close()
                result = initlaw("study", "show", self.file)
                self.assertEqual(result.returncode, 2)
                self.assertIn("older initlaw", result.stderr)
                self.toml.write_text(SMALL_STUDY + several_inputs("rows = '0-1'\n"))
                self.assertEqual(self.run_study().returncode, 0)
                self.assertEqual(json.loads(self.exported())["cells"][: len(cells)], cells)
                self.assertEqual(initlaw("study", "verify", self.file).returncode, 0)
                with sqlite3.connect(self.file) as database:
                    found = [database.execute(query).fetchone()[0] for query in (
                        "SELECT count(finite_width_ks) FROM result",
                        "SELECT count(*) FROM limits WHERE holds LIKE '%finite%'",
                        "SELECT count(DISTINCT id) FROM angles")]
                database.close()
                self.assertEqual([found[0], found[1] > 0, found[2]], [0, False, 6] if schema == 3 else [6, True, 6])

    def test_a_damaged_file_of_schema_2_is_not_brought_to_this_one(self):
        self.toml.write_text(SMALL_STUDY)
        self.run_study()
        old = self.former(2)
        with sqlite3.connect(old) as database:
            database.execute("UPDATE cell SET seconds = 2.5 WHERE id = 2")
        database.close()
        result = self.run_study("--out", old)
        self.assertEqual(result.returncode, 1)
        self.assertIn("cell 2: is damaged", result.stderr)
        with sqlite3.connect(old) as database:
            self.assertEqual(database.execute("PRAGMA user_version").fetchone(), (2,))
            self.assertEqual(database.execute("SELECT count(tally), total(seconds = 2.5) FROM cell").fetchone(), (0, 1))
        database.close()

    def test_the_former_name_of_an_estimator_is_the_same_cell(self):
        self.toml.write_text(SMALL_STUDY + "estimator = 'antithetic'\n")
        self.run_study()
        before = self.exported()
        self.assertIn('"estimator": "antithetic"', before)
        self.toml.write_text(SMALL_STUDY + "estimator = 'paired'\n")
        self.assertEqual(self.run_study().returncode, 0)
        self.assertEqual(self.exported(), before)

    def test_cells_of_another_result_version_are_not_extended(self):
        self.toml.write_text(SMALL_STUDY)
        self.run_study()
        self.change("result_version = 2", "id = 1")
        result = initlaw("study", "extend", self.file, "--samples", 1000)
        self.assertEqual(result.returncode, 0)
        self.assertIn("1 cells are of another result version", result.stderr)
        with sqlite3.connect(self.file) as database:
            rows = database.execute("SELECT result_version, samples FROM cell WHERE id <= 2 ORDER BY id").fetchall()
        database.close()
        self.assertEqual([samples for _, samples in rows], [500, 1000])
        self.assertEqual(rows[0][0], 2)
        self.change("result_version = 2")
        content = self.file.read_bytes()
        result = initlaw("study", "extend", self.file, "--samples", 2000)
        self.assertEqual(result.returncode, 2)
        self.assertIn("no cell of this initlaw's result version", result.stderr)
        self.assertEqual(self.file.read_bytes(), content)

    def test_extending_changes_nothing_unless_all_is_valid(self):
        self.toml.write_text("width = [4, 5]\ndepth = 2\nsamples = 500\nestimator = [\"plain\", \"antithetic\"]\n")
        self.run_study()
        before = self.exported()
        content = self.file.read_bytes()
        for arguments in (("--samples", 3001), ("--samples", 1e14), ("--samples", 1000, "--threads", 0),
                          ("--samples", 1000, "--threads", "x"), ("--samples", 0), ("--std-error", 0),
                          ("--std-error", "nan"), ("--samples", "")):
            with self.subTest(arguments):
                result = initlaw("study", "extend", self.file, *arguments)
                self.assertEqual(result.returncode, 2, result.stderr)
                self.assertEqual(result.stderr.count("\n"), 1)
                self.assertEqual(self.file.read_bytes(), content)
        self.assertIn("4 of 4 finished", initlaw("study", "status", self.file).stdout)
        self.assertEqual(self.run_study().returncode, 0)
        self.assertEqual(self.exported(), before)

    def test_a_large_study_begins_at_once(self):
        self.toml.write_text("width = 4\ndepth = 2\nsamples = 100\nseed = {from = 1, to = 1e12}\n")
        process = subprocess.Popen([COMMAND, "study", "run", self.toml, "--yes"], stderr=subprocess.PIPE, text=True)
        self.wait_for_samples()
        with open(f"/proc/{process.pid}/status") as status:
            peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
        self.assertLess(peak, 300_000)
        process.send_signal(signal.SIGINT)
        self.assertIn("of 1000000000000 cells finished", process.communicate()[1])
        self.assertEqual(process.returncode, 130)
        self.assertIn("of 1000000000000 finished", initlaw("study", "status", self.file).stdout)

    def test_a_large_cell_answers_ctrl_c(self):
        self.toml.write_text("width = 100\ndepth = 100\nsamples = 1e9\n")
        process = subprocess.Popen([COMMAND, "study", "run", self.toml], stderr=subprocess.PIPE, text=True)
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        start = time.monotonic()
        message = process.communicate()[1]
        # A task of such a cell takes some ten seconds, a chunk some milliseconds.
        self.assertLess(time.monotonic() - start, 2)
        self.assertEqual(process.returncode, 130)
        self.assertIn("run the same command to go on", message)
        with sqlite3.connect(self.file) as database:
            self.assertGreater(database.execute("SELECT samples FROM cell").fetchone()[0], 0)
        self.assertEqual(self.verified()[0], 0)

    def test_a_study_is_a_file_whatever_it_is_called(self):
        self.toml.write_text(SMALL_STUDY)
        for name in (":memory:", "file:y?mode=memory"):
            self.assertEqual(self.run_study("--out", name, cwd=self.folder).returncode, 0)
            self.assertIn("6 of 6", initlaw("study", "status", name, cwd=self.folder).stdout)
            self.assertTrue((self.folder / name).is_file())

    def test_times_are_told_in_units_that_fit(self):
        self.toml.write_text("width = 4\ndepth = 2\nsamples = 500\n")
        self.run_study()
        for seconds, text in ((99, "99 s"), (100, "2 min"), (179, "3 min"), (5999, "100 min"), (6000, "1.7 h"), (864_000, "10 days"),
                              (1e9, "31.7 years")):
            self.change(f"seconds = {seconds}")
            self.assertIn(f"Simulation     {text} of", initlaw("study", "status", self.file).stdout)

    def test_a_broken_file_is_refused_and_left_alone(self):
        self.toml.write_text(SMALL_STUDY)
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
            ("width = 10\ndepth = 5\nmethod = 'slow'\n", "method: \"slow\" is not one of fast, dense"),
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


class StudiesOfSeveralInputs(WithAStudy):
    def setUp(self):
        super().setUp()
        self.toml.write_text(JOINT_STUDY)

    def angles(self):
        result = initlaw("study", "export", self.file, "--angles", "-")
        self.assertEqual(result.returncode, 0, result.stderr)
        return list(csv.DictReader(result.stdout.splitlines()))

    def test_a_cell_is_what_angles_says(self):
        self.assertEqual(self.run_study().returncode, 0)
        cells = json.loads(self.exported())["cells"]
        self.assertEqual(["pairs" in cell for cell in cells], 4 * [True] + [False] + 2 * [True])
        options = ("--input", f"{DATA}/digits.csv.gz", "--json", "-")
        for index, arguments in ((1, ("--width", 16, "--depth", 8, "--rows", "0-2", "--samples", 2003)),
                                 (6, ("--width", 60, "--depth", 30, "--rows", "0-5", "--samples", 2000, "--seed", 2,
                                      "--layers", "0-3,20", "--pairs", "0-1,4-2"))):
            alone = json.loads(initlaw("angles", *arguments, *options).stdout)
            for key in ("network", "seed", "samples", "layers", "inputs", "pairs"):
                self.assertEqual(cells[index][key], alone[key], (index, key))
        self.assertEqual(self.verified("--repeat", 7), (0, f"{self.file}: no damage was found\n"))

        rows = [row for row in self.angles() if row["id"] == "7"]
        self.assertEqual([(row["i"], row["j"], row["layer"]) for row in rows],
                         [(i, j, layer) for i, j in (("0", "1"), ("2", "4")) for layer in ("0", "1", "2", "3", "20", "30")])
        pair, row = cells[6]["pairs"][1], rows[6 + 4]
        for column, value in (("samples", 2000), ("width", 60),
                              ("log_tangent_mean", pair["log_tangent_mean"][4]["value"]),
                              ("log_tangent_variance_error", pair["log_tangent_variance"][4]["std_error"]),
                              ("cosine", pair["cosine"][4]["value"]),
                              ("law_log_tangent_mean", pair["law"]["log_tangent_mean"][4]),
                              ("law_log_tangent_variance", pair["law"]["log_tangent_variance"][4]),
                              ("law_cosine", pair["law"]["cosine"][4]),
                              ("infinite_width_cosine", pair["infinite_width"][4]),
                              ("G_i_mean", cells[6]["inputs"][2]["G"]["mean"]["value"]),
                              ("G_j_variance_error", cells[6]["inputs"][4]["G"]["variance"]["std_error"]),
                              ("G_covariance", pair["G_covariance"]["value"]),
                              ("G_difference_variance", pair["G_difference"]["variance"]["value"]),
                              ("law_ks", pair["fit"]["ks"])):
            self.assertAlmostEqual(float(row[column]), value, delta=1e-14 * abs(value), msg=column)

        shown = initlaw("study", "show", self.file).stdout
        self.assertIn("mean of ln tan(theta/2)", shown)
        self.assertIn("mean of G", shown)
        self.assertEqual(len(shown.splitlines()), 2 + 1 + 1 + 2 * (3 + 1) + 2 * 2)
        self.assertEqual(initlaw("study", "plot", self.file, "--out", self.folder / "pictures").returncode, 0)
        self.assertTrue((self.folder / "pictures" / "angle-variance.svg").exists())

    def test_a_run_killed_at_random_moments_gives_the_bytes_of_an_uninterrupted_one(self):
        expected, duration = uninterrupted(JOINT_STUDY)
        random.seed(3)
        for _ in range(8):
            process = subprocess.Popen([COMMAND, "study", "run", self.toml], stderr=subprocess.DEVNULL)
            time.sleep(random.uniform(0, min(duration, 0.6)))
            process.send_signal(random.choice([signal.SIGKILL, signal.SIGINT]))
            process.wait()
        self.assertEqual(self.run_study().returncode, 0)
        self.assertEqual(self.exported(), expected)

    def test_a_large_cell_answers_ctrl_c_and_goes_on(self):
        study = f"width = 60\ndepth = 30\nsamples = 20_000\n{several_inputs('rows = %r' % '0-2')}"
        self.toml.write_text(study)
        process = subprocess.Popen([COMMAND, "study", "run", self.toml], stderr=subprocess.PIPE, text=True)
        time.sleep(0.6)
        process.send_signal(signal.SIGINT)
        message = process.communicate()[1]
        self.assertEqual(process.returncode, 130)
        self.assertIn("run the same command to go on", message)
        with sqlite3.connect(self.file) as database:
            samples, size = database.execute("SELECT samples, length(sums) FROM cell").fetchone()
        database.close()
        self.assertGreater(samples, 0)
        self.assertGreater(size, 0)
        self.assertEqual(self.verified()[0], 0)
        self.assertEqual(self.run_study().returncode, 0)
        self.assertEqual(self.exported(), uninterrupted(study)[0])

    def test_more_samples_continue_the_stream(self):
        self.run_study()
        self.assertEqual(initlaw("study", "extend", self.file, "--samples", 5001).returncode, 0)
        study = re.sub(r"samples = .*", "samples = 5001", JOINT_STUDY)
        self.assertEqual(self.exported(), uninterrupted(study)[0])
        content = self.file.read_bytes()
        result = initlaw("study", "extend", self.file, "--std-error", 0.01)
        self.assertEqual(result.returncode, 2)
        self.assertIn("cell 1: std_error: is for cells of one input", result.stderr)
        self.assertEqual(self.file.read_bytes(), content)

    def test_pairs_and_layers_that_are_named_or_left_open_are_the_same_cell(self):
        self.toml.write_text(f"width = 8\ndepth = 2\nsamples = 500\n{several_inputs('rows = %r' % '0-2')}\n")
        self.run_study()
        self.toml.write_text(self.toml.read_text() + "pairs = '1-2,0-1,2-0'\nlayers = '0-2'\n")
        self.run_study()
        self.assertEqual(len(json.loads(self.exported())["cells"]), 2)  # in another order
        self.toml.write_text(self.toml.read_text().replace("1-2,0-1,2-0", "0-1,2-0,1-2"))
        self.run_study()
        self.assertEqual(len(json.loads(self.exported())["cells"]), 2)

    def test_damage_is_found(self):
        self.run_study()
        whole = self.file.read_bytes()
        for change, message in (("sums = CAST(substr(sums, 1, 100) || x'a5' || substr(sums, 102) AS BLOB)", "bytes: are"),
                                ("result = json_set(result, '$.samples', 7)", "but a result of 7"),
                                ("input = json_remove(input, '$.pairs')", "pairs"),
                                ("input = json_set(input, '$.layers', json('[77]'))", "layers: 77")):
            with self.subTest(change):
                self.file.write_bytes(whole)
                self.change(change, "id = 7")
                status, text = self.verified()
                self.assertEqual(status, 1)
                self.assertIn(f"{self.file}: cell 7: ", text)
                self.assertIn(message, text)
        self.file.write_bytes(whole)
        self.change("result = json_set(result, '$.pairs[1].G_covariance.value', 1.5)", "id = 2")
        self.assertEqual(self.verified("--repeat", 5), (1, f"{self.file}: cell 2: a new simulation gives another result\n"))

    def test_wrong_inputs_are_refused_in_one_line(self):
        for keys, message in (("rows = 3", "rows: 3 is not a list in a text"),
                              ("rows = '0-x'", "rows 0-x: 0-x is no row or range of rows, such as 0-9"),
                              ("rows = '0-99999'", "digits.csv.gz"),
                              ("rows = '0-1'\nrow = 2", "row: is for cells of one input"),
                              ("rows = '0-1'\nmethod = 'dense'", "method: is for cells of one input"),
                              ("rows = '0-1'\nstd_error = 0.1", "std_error: is for cells of one input"),
                              ("rows = '0-1'\npairs = '0-2'", "pairs: 0-2 is no pair"),
                              ("rows = '0-1'\npairs = '0'", "pairs 0: 0 is no pair, such as 0-1"),
                              ("rows = '0-1'\nlayers = '9'", "layers: 9 is out of range"),
                              ("rows = '0-1'\nnorm = 'pre'", "simulation of several inputs"),
                              ("rows = ['0-1', '0,1']", "cell 2 of 2 is the same as cell 1"),
                              ("layers = '0-2'", "layers: are those of which inputs? Give rows, too")):
            with self.subTest(keys):
                self.toml.write_text(f"width = 8\ndepth = 2\nsamples = 500\n{several_inputs(keys)}\n")
                result = self.run_study()
                self.assertEqual(result.returncode, 2, result.stderr)
                self.assertIn(message, result.stderr)
                self.assertEqual(result.stderr.count("\n"), 1)
                self.assertFalse(self.file.exists())
        self.toml.write_text("width = 8\ndepth = 2\nrows = '0-1'\n")
        self.assertIn("rows: are those of which input? Give input, too", self.run_study().stderr)


@unittest.skipUnless(MPIRUN, "mpirun is not installed")
class StudiesOnSeveralProcesses(WithAStudy):
    def mpirun(self, processes, *arguments):
        command = [MPIRUN, "--allow-run-as-root", "--oversubscribe", "-np", str(processes), COMMAND, *map(str, arguments)]
        return subprocess.run(command, capture_output=True, text=True, timeout=300)

    def test_any_number_of_processes_gives_the_same_bytes(self):
        expected, _ = uninterrupted(STUDY)
        simulation = ("simulate", "--width", 64, "--depth", 30, "--samples", 200_003, "--json", "-")
        for processes in (1, 2, 3, 4):
            file = self.folder / f"{processes}.sqlite"
            result = self.mpirun(processes, "study", "run", self.toml, "--out", file)
            self.assertEqual(result.returncode, 0, result.stderr)
            self.assertEqual(self.exported(file), expected)
            self.assertEqual(self.mpirun(processes, *simulation).stdout, initlaw(*simulation).stdout)

    def test_studies_of_several_inputs_are_shared(self):
        self.toml.write_text(JOINT_STUDY)
        result = self.mpirun(3, "study", "run", self.toml)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(self.exported(), uninterrupted(JOINT_STUDY)[0])

    def test_tails_are_shared(self):
        tail = ("tail", "--width", 10, "--depth", 5, "--threshold", 50, "--samples", 50_000, "--json", "-")
        for processes in (1, 3):
            result = self.mpirun(processes, *tail)
            self.assertEqual(result.returncode, 0, result.stderr)
            self.assertEqual(result.stdout, initlaw(*tail).stdout)

    def test_several_inputs_are_shared(self):
        # Of 3 inputs some ten chunks a task, of 12 one.
        for rows in ("0-2", "0-11"):
            angles = ("angles", "--width", 50, "--depth", 20, "--input", Path(DATA) / "digits.csv.gz", "--rows", rows,
                      "--layers", "0,10", "--samples", 2003, "--json", "-")
            expected = initlaw(*angles).stdout
            self.assertIn('"samples": 2003', expected)
            for processes in (1, 4):
                result = self.mpirun(processes, *angles)
                self.assertEqual(result.returncode, 0, result.stderr)
                self.assertEqual(result.stdout, expected)

    def test_what_runs_in_one_process_is_refused_on_all(self):
        result = self.mpirun(2, "reproduce", "--quick", "--out", self.folder / "report")
        self.assertEqual(result.returncode, 2)
        ours = [line for line in result.stderr.splitlines() if line.startswith("initlaw: ")]
        self.assertEqual(len(ours), 1, result.stderr)
        self.assertIn("initlaw: reproduce: runs in one process, and 2 were started", ours[0])
        self.assertFalse((self.folder / "report").exists())

    def test_all_processes_end_with_the_status_of_the_first(self):
        statuses = self.folder / "statuses"
        script = self.folder / "run"
        script.write_text(f"#!/bin/sh\n{COMMAND} angles --width 10 --depth 5 --input x --rows 0\n"
                          f"echo $? >> {statuses}\n")
        script.chmod(0o755)
        subprocess.run([MPIRUN, "--allow-run-as-root", "--oversubscribe", "-np", "3", str(script)],
                       capture_output=True, timeout=300)
        self.assertEqual(statuses.read_text().split(), ["2", "2", "2"])

    def test_a_process_that_dies_ends_the_run_and_the_file_goes_on(self):
        study = STUDY.replace("200_003", "1_000_003")
        self.toml.write_text(study)
        expected, _ = uninterrupted(study)
        run = subprocess.Popen(
            [MPIRUN, "--allow-run-as-root", "--oversubscribe", "-np", "3", COMMAND, "study", "run", str(self.toml)],
            stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, start_new_session=True)
        self.wait_for_samples()
        members = subprocess.run(["pgrep", "-f", f"^{COMMAND} study run {self.toml}"], capture_output=True, text=True)
        os.kill(int(members.stdout.split()[-1]), signal.SIGKILL)
        message = run.communicate(timeout=60)[1]
        self.assertNotEqual(run.returncode, 0)
        self.assertIn("signal 9", message)
        self.assertEqual(self.run_study().returncode, 0)
        self.assertEqual(self.exported(), expected)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[3:])
