#!/usr/bin/env python3
"""Reads the page that script/explorer builds in headless Firefox, from its folder, with marionette_driver.

usage: read_in_firefox.py EXPLORER COMMAND

Fails unless all pictures are drawn, a slider brings other networks, its distances are those of the command initlaw that is named,
as it writes them, and the console says nothing of the page.
"""

import json
import pathlib
import shlex
import subprocess
import sys

from marionette_driver import By, Wait
from marionette_driver.errors import TimeoutException
from marionette_driver.keys import Keys
from marionette_driver.marionette import Marionette

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from numbers_shown import distance_of  # noqa: E402

FAULT = "document.getElementById('fault').textContent"
PATIENCE = 120  # seconds
PANELS = ("size", "output", "fan", "gradient-layers", "hypoactivation", "covariance", "gradient", "map", "paths")


def faults_of(firefox, page, command):
    def read(script):
        return firefox.execute_script(f"return {script}")

    def wait(what, script):
        try:
            Wait(firefox, PATIENCE).until(lambda _: read(script))
        except TimeoutException as error:
            raise TimeoutError(f"{what}: not within {PATIENCE} s; {read(FAULT) or 'no fault is shown'}") from error

    firefox.navigate(page + "#width=40&depth=20&samples=10000")
    wait("all networks", "document.getElementById('progress').value == 1")
    for panel in PANELS:
        read(f"document.getElementById('{panel}').scrollIntoView()")
        wait(panel, f"document.querySelector('#{panel} .drawing svg') != null")
    words = shlex.split(read("document.querySelector('#code code').textContent"))
    fits = json.loads(subprocess.run([command, *words[1:], "--json", "-"], check=True, capture_output=True).stdout)["fit"]
    distances = read("[...document.querySelectorAll('#laws td:nth-child(2)')].map(cell => cell.textContent)")
    wanted = [distance_of(fits[law]) for law in ("finite_width", "log_gaussian", "gaussian")]
    if distances[:3] != wanted:
        yield f"distances are {distances}, and of the command {wanted}"
    firefox.find_element(By.CSS_SELECTOR, "input[type=range]").send_keys(Keys.END)
    wait("other networks", "document.getElementById('progress').value < 1")
    wait("the slider's networks", "document.getElementById('progress').value > 0")
    if fault := read(FAULT):
        yield fault
    with firefox.using_context("chrome"):
        for message in read("Services.console.getMessageArray().map(String)"):
            if f'{{file: "{page}' in message or '{file: "blob:' in message:
                yield f"console: {message}"


def main():
    page, command = pathlib.Path(sys.argv[1]).resolve(), sys.argv[2]
    firefox = Marionette(bin="/usr/bin/firefox-esr", headless=True, gecko_log=str(page.with_name("firefox.log")))
    try:
        firefox.start_session()
        faults = list(faults_of(firefox, page.as_uri(), command))
    finally:
        firefox.quit()
        firefox.cleanup()
    sys.exit("\n".join(faults) or None)


main()
