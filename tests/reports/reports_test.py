#!/usr/bin/python3
"""Writes the reports that users write, repeats some of their commands, and reads them in a browser.

usage: reports_test.py INITLAW DATA_FOLDER [CLASS...]
"""

import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

INITLAW, DATA = (pathlib.Path(argument).resolve() for argument in sys.argv[1:3])
READER = pathlib.Path(__file__).parent / "read_reports.py"


def initlaw(arguments, folder):
    """Runs the command, whose arguments are as a shell reads them, and gives its standard output."""
    done = subprocess.run(f"{INITLAW} {arguments}", shell=True, cwd=folder, capture_output=True, text=True)
    if done.returncode != 0:
        raise AssertionError(f"initlaw {arguments}: status {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


class WithAReader(unittest.TestCase):
    def assert_readable(self, *reports):
        done = subprocess.run([sys.executable, READER, *reports], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


class Reproduction(WithAReader):
    @classmethod
    def setUpClass(cls):
        cls.place = tempfile.TemporaryDirectory()
        cls.folder = pathlib.Path(cls.place.name)
        cls.options = f"--input {DATA / 'digits.csv.gz'} --row 3"
        cls.text = initlaw(f"reproduce --quick --out reproduction --json claims.json {cls.options}", cls.folder)
        cls.claims = json.loads((cls.folder / "claims.json").read_text())["claims"]

    @classmethod
    def tearDownClass(cls):
        cls.place.cleanup()

    def test_all_claims_hold(self):
        self.assertEqual([claim["verdict"] for claim in self.claims], ["holds"] * 12)
        for claim in self.claims:
            self.assertIn(f"{claim['number']}. holds    {claim['title']}", self.text)
            self.assertTrue(all(check["holds"] for check in claim["checks"]))

    def test_pictures_come_as_svg_and_csv(self):
        folder = self.folder / "reproduction"
        report = (folder / "report.html").read_text()
        names = re.findall(r'<figure id="([^"]+)">', report)
        self.assertEqual(len(names), len(set(names)))
        self.assertGreaterEqual(len(names), 12)
        for name in names:
            self.assertTrue((folder / f"{name}.svg").read_text().startswith("<svg"))
            rows = (folder / f"{name}.csv").read_text().splitlines()
            self.assertEqual(rows[0], "series,x,y,std_error")
            self.assertGreater(len(rows), 4)

    def test_commands_do_what_the_report_says(self):
        commands = [command for claim in self.claims for command in claim["commands"]]
        self.assertEqual(len(commands), len(set(commands)))
        folder = self.folder / "reproduction"
        # Of each claim its first, and all with a network file.
        for command in [claim["commands"][0] for claim in self.claims] + [c for c in commands if "--network" in c]:
            initlaw(re.sub("--samples [0-9]+", "--samples 100", command).removeprefix("initlaw "), folder)

    def test_a_command_repeats_a_figure(self):
        claim = self.claims[7]
        command = claim["commands"][-1]
        self.assertIn("--leak 1", command)
        answer = json.loads(initlaw(command.removeprefix("initlaw ") + " --json -", self.folder))
        V = answer["prediction"]["log_gaussian"]["G"]["variance"]
        share = abs(answer["simulation"]["G"]["variance"]["value"] - V) / V
        check = next(check for check in claim["checks"] if check["what"].startswith("slope of the negative side 1:"))
        self.assertAlmostEqual(check["value"], share, places=12)

    def test_its_report_is_readable(self):
        self.assert_readable(self.folder / "reproduction" / "report.html")


class Comparisons(WithAReader):
    def test_their_reports_are_readable(self):
        networks = {
            "standard": "--width 100 --depth 50 --outputs 10",
            "shallow": "--width 50 --depth 1",
            "dying": "--family fully-connected --width 4 --depth 20",
            "pairs": "--width 64 --depth 200 --estimator antithetic",
            "linear": "--width 20 --depth 10 --leak 1",
        }
        with tempfile.TemporaryDirectory() as folder:
            for name, options in networks.items():
                initlaw(f"compare {options} --samples 2e4 --report {name}.html", folder)
            self.assert_readable(*(pathlib.Path(folder) / f"{name}.html" for name in networks))


class Installations(unittest.TestCase):
    def compare(self, installed):
        command = [installed, "compare", "--width", "4", "--depth", "2", "--samples", "1000", "--report", "report.html"]
        return subprocess.run(command, cwd=installed.parent, env={"PATH": "/nowhere"}, capture_output=True, text=True)

    def test_a_gnuplot_that_was_installed_with_the_command_draws(self):
        with tempfile.TemporaryDirectory() as place:
            prefix = pathlib.Path(place)
            for folder in ("bin", "libexec/initlaw"):
                (prefix / folder).mkdir(parents=True)
            installed = pathlib.Path(shutil.copy2(INITLAW, prefix / "bin"))
            without = self.compare(installed)
            self.assertEqual(without.returncode, 1)
            self.assertIn("gnuplot could not be run", without.stderr)

            (prefix / "libexec/initlaw/gnuplot").symlink_to(shutil.which("gnuplot"))
            done = self.compare(installed)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn("<svg", (prefix / "bin/report.html").read_text())


if __name__ == "__main__":
    try:
        import selenium  # noqa: F401
    except ImportError:
        print("skipped: reading reports needs Debian's packages chromium, chromium-driver and python3-selenium")
        sys.exit(77)
    unittest.main(argv=sys.argv[:1] + sys.argv[3:], verbosity=2)
