#!/usr/bin/python3
"""Opens reports in headless Chromium, without a network, as a phone and as a wide screen show them.

usage: read_reports.py REPORT.html... [--screenshots DIR]

Fails unless each opens without a message on the console, asks for no other file, shows all of its pictures, and cuts no
text at widths of 360 and 1400 pixels, in light and in dark.
"""

import argparse
import base64
import pathlib
import sys

from selenium import webdriver
from selenium.webdriver.chrome.service import Service

# What cannot be read: text wider than the page that no scrolling box holds, or a picture without area.
FAULTS = """
const faults = [];
const page = document.documentElement;
if (page.scrollWidth > page.clientWidth) faults.push(`the page is ${page.scrollWidth} wide`);
const scrolls = element => {
  for (let box = element; box; box = box.parentElement) {
    if (['auto', 'scroll'].includes(getComputedStyle(box).overflowX)) return true;
  }
  return false;
};
for (const element of document.querySelectorAll('h1, h2, p, pre, th, td, figcaption, summary, footer')) {
  const box = element.getBoundingClientRect();
  const hidden = (element.closest('details:not([open])') && element.tagName != 'SUMMARY') ||
    getComputedStyle(element).display == 'none';
  if (hidden) continue;
  if (box.height == 0) faults.push('empty: ' + element.tagName);
  if ((box.right > page.clientWidth + 1 || box.left < 0) && !scrolls(element)) {
    faults.push('cut: ' + element.textContent.slice(0, 60));
  }
  if (element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).overflowX == 'hidden') {
    faults.push('clipped: ' + element.textContent.slice(0, 60));
  }
}
for (const figure of document.querySelectorAll('figure')) {
  const svg = figure.querySelector('svg');
  const box = svg.getBoundingClientRect();
  if (box.width < 250 || box.height < 100) faults.push(`picture ${figure.id}: ${box.width} x ${box.height}`);
  if (box.right > page.clientWidth + 1) faults.push(`picture ${figure.id} is cut`);
  for (const text of svg.querySelectorAll('text')) {
    const label = text.getBoundingClientRect();
    if (label.left < box.left - 1 || label.right > box.right + 1 || label.top < box.top - 1 || label.bottom > box.bottom + 1) {
      faults.push(`picture ${figure.id}: cut label ${text.textContent}`);
    }
  }
  if (svg.querySelectorAll('path').length < 3) faults.push(`picture ${figure.id} is empty`);
}
const ink = getComputedStyle(document.body).color, paper = getComputedStyle(document.body).backgroundColor;
const light = colour => colour.match(/[0-9]+/g).slice(0, 3).reduce((sum, part) => sum + +part, 0) / 765;
if (Math.abs(light(ink) - light(paper)) < 0.6) faults.push(`${ink} on ${paper}`);
for (const entry of performance.getEntriesByType('resource')) {
  if (!entry.name.startsWith('data:')) faults.push('asks for ' + entry.name);
}
return {faults, figures: document.querySelectorAll('figure').length};
"""


def read(driver, report, width, scheme):
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride",
                           {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500})
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]})
    driver.get(report.resolve().as_uri())
    found = driver.execute_script(FAULTS)
    faults = found["faults"] + ["console: " + entry["message"] for entry in driver.get_log("browser")]
    if found["figures"] == 0:
        faults.append("no picture")
    return faults


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("reports", nargs="+", type=pathlib.Path)
    parser.add_argument("--screenshots", type=pathlib.Path)
    arguments = parser.parse_args()

    options = webdriver.ChromeOptions()
    for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--host-resolver-rules=MAP * ~NOTFOUND"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
    failed = False
    try:
        driver.execute_cdp_cmd("Network.enable", {})
        driver.execute_cdp_cmd("Network.emulateNetworkConditions",
                               {"offline": True, "latency": 0, "downloadThroughput": 0, "uploadThroughput": 0})
        for report in arguments.reports:
            for width in (360, 1400):
                for scheme in ("light", "dark"):
                    for fault in read(driver, report, width, scheme):
                        failed = True
                        print(f"{report} at {width} pixels, {scheme}: {fault}")
                    if arguments.screenshots:
                        shot = driver.execute_cdp_cmd("Page.captureScreenshot", {"captureBeyondViewport": True})
                        name = f"{report.parent.name}-{report.stem}-{width}-{scheme}.png"
                        (arguments.screenshots / name).write_bytes(base64.b64decode(shot["data"]))
    finally:
        driver.quit()
    sys.exit(1 if failed else 0)


main()
