#!/usr/bin/python3
"""Opens reports in headless Chromium, without a network, as a phone and as a wide screen show them.

usage: read_reports.py REPORT.html... [--screenshots DIR]

Fails unless each opens without a message on the console, asks for no other file, shows all of its pictures, and cuts no
text at widths of 360 and 1400 pixels, in light and in dark.
"""

import argparse
import pathlib
import sys

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from browser import TEXT_FAULTS, browser, console, save_screenshot, set_screen  # noqa: E402

# And pictures without area, or cut.
FAULTS = TEXT_FAULTS + """
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
for (const entry of performance.getEntriesByType('resource')) {
  if (!entry.name.startsWith('data:')) faults.push('asks for ' + entry.name);
}
return {faults, figures: document.querySelectorAll('figure').length};
"""


def read(driver, report, width, scheme):
    set_screen(driver, width, scheme)
    driver.get(report.resolve().as_uri())
    found = driver.execute_script(FAULTS)
    faults = found["faults"] + console(driver)
    if found["figures"] == 0:
        faults.append("no picture")
    return faults


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("reports", nargs="+", type=pathlib.Path)
    parser.add_argument("--screenshots", type=pathlib.Path)
    arguments = parser.parse_args()

    failed = False
    with browser() as driver:
        for report in arguments.reports:
            for width in (360, 1400):
                for scheme in ("light", "dark"):
                    for fault in read(driver, report, width, scheme):
                        failed = True
                        print(f"{report} at {width} pixels, {scheme}: {fault}")
                    if arguments.screenshots:
                        name = f"{report.parent.name}-{report.stem}-{width}-{scheme}.png"
                        save_screenshot(driver, arguments.screenshots / name)
    sys.exit(1 if failed else 0)


main()
