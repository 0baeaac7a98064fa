#!/usr/bin/python3
"""Takes the documentation's picture of the explorer: its first screen, when all networks are there.

usage: take_picture.py EXPLORER FILE.png
"""

import base64
import pathlib
import sys

from selenium.webdriver.support.ui import WebDriverWait

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "tests/support"))
from browser import browser, set_screen  # noqa: E402

explorer, file = map(pathlib.Path, sys.argv[1:])
with browser() as driver:
    set_screen(driver, 1240, "light")
    # So high that the controls need not scroll.
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {"width": 1240, "height": 1200, "deviceScaleFactor": 1, "mobile": False})
    driver.execute_cdp_cmd("Emulation.setScrollbarsHidden", {"hidden": True})
    driver.get(explorer.resolve().as_uri())
    WebDriverWait(driver, 300).until(lambda _: driver.execute_script("return document.getElementById('progress').value") == 1)
    bottom = driver.execute_script("return document.querySelector('.tally').getBoundingClientRect().bottom + 16")
    clip = {"x": 0, "y": 0, "width": 1240, "height": bottom, "scale": 1}
    shot = driver.execute_cdp_cmd("Page.captureScreenshot", {"clip": clip})
file.write_bytes(base64.b64decode(shot["data"]))
