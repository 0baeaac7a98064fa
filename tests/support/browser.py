"""Headless Chromium without a network, for tests of pages that need none."""

import base64
from contextlib import contextmanager

from selenium import webdriver
from selenium.webdriver.chrome.service import Service

# What cannot be read: text wider than the page that no scrolling box holds, or in the colour of the page.
TEXT_FAULTS = """
const faults = [];
const page = document.documentElement;
if (page.scrollWidth > page.clientWidth) faults.push(`the page is ${page.scrollWidth} wide`);
const scrolls = element => {
  for (let box = element; box; box = box.parentElement) {
    if (['auto', 'scroll'].includes(getComputedStyle(box).overflowX)) return true;
  }
  return false;
};
for (const element of document.querySelectorAll('h1, h2, p, pre, th, td, dt, figcaption, summary, footer')) {
  const box = element.getBoundingClientRect();
  const hidden = (element.closest('details:not([open])') && element.tagName != 'SUMMARY') || !element.checkVisibility();
  if (hidden) continue;
  if (box.height == 0 && element.textContent.trim()) faults.push('empty: ' + element.tagName);
  if ((box.right > page.clientWidth + 1 || box.left < 0) && !scrolls(element)) {
    faults.push('cut: ' + element.textContent.slice(0, 60));
  }
  if (element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).overflowX == 'hidden') {
    faults.push('clipped: ' + element.textContent.slice(0, 60));
  }
}
const ink = getComputedStyle(document.body).color, paper = getComputedStyle(document.body).backgroundColor;
const light = colour => colour.match(/[0-9]+/g).slice(0, 3).reduce((sum, part) => sum + +part, 0) / 765;
if (Math.abs(light(ink) - light(paper)) < 0.6) faults.push(`${ink} on ${paper}`);
if ((light(paper) < 0.5) != matchMedia('(prefers-color-scheme: dark)').matches) faults.push(`paper is ${paper}`);
"""


@contextmanager
def browser():
    options = webdriver.ChromeOptions()
    for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--host-resolver-rules=MAP * ~NOTFOUND"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
    try:
        driver.execute_cdp_cmd("Network.enable", {})
        driver.execute_cdp_cmd("Network.emulateNetworkConditions",
                               {"offline": True, "latency": 0, "downloadThroughput": 0, "uploadThroughput": 0})
        yield driver
    finally:
        driver.quit()


def set_screen(driver, width, scheme):
    """Shows pages, the open one too, as a screen of that width does, in scheme light or dark."""
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride",
                           {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500})
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]})


def console(driver):
    return ["console: " + entry["message"] for entry in driver.get_log("browser")]


def save_screenshot(driver, file):
    shot = driver.execute_cdp_cmd("Page.captureScreenshot", {"captureBeyondViewport": True})
    file.write_bytes(base64.b64decode(shot["data"]))
