#!/usr/bin/python3
"""Uses the page that script/explorer builds in headless Chromium, from its folder and without a network, as readers may.

usage: read_explorer.py EXPLORER COMMAND [--screenshots DIR]

Fails unless phones and wide screens show it, in light and in dark; every slider goes to its ends and every preset is drawn; links
bring a view back, and wrong ones say what is wrong; nothing is left running when a view changes; a million networks take no more
memory than the first; pictures can be saved; keyboard and pointer move the network; its numbers are those of the command initlaw
that is named; and the console stays empty.
"""

import argparse
import json
import pathlib
import shlex
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree

from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select, WebDriverWait

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from browser import TEXT_FAULTS, browser, console, save_screenshot, set_screen  # noqa: E402
from numbers_shown import distance_of  # noqa: E402

PATIENCE = 120  # seconds: other tests run beside this one

# Counts the workers that run.
COUNT_WORKERS = """
window.workers = {made: 0, running: new Set()};
window.Worker = class extends Worker {
  constructor(...given) { super(...given); workers.made++; workers.running.add(this); }
  terminate() { workers.running.delete(this); super.terminate(); }
};
"""

# What readers cannot use: without a name, hardly seen, or from elsewhere.
READ = TEXT_FAULTS + r"""
for (const element of document.querySelectorAll('button, input, select, summary, a')) {
  const name = element.getAttribute('aria-label') || element.textContent.trim() || [...(element.labels ?? [])].map(label => label.textContent).join();
  if (!name) faults.push('no name: ' + element.outerHTML.slice(0, 80));
}
for (const element of document.querySelectorAll('[aria-describedby], [aria-labelledby]')) {
  const id = element.getAttribute('aria-describedby') ?? element.getAttribute('aria-labelledby');
  if (!document.getElementById(id)) faults.push('no #' + id);
}
const ids = [...document.querySelectorAll('[id]')].map(element => element.id);
for (const id of new Set(ids)) if (ids.filter(other => other == id).length > 1) faults.push('twice: #' + id);
const channels = colour => (colour.match(/[0-9.]+/g) ?? []).map(Number);
const luminance = colour => channels(colour).slice(0, 3).map(part => part / 255)
  .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
  .reduce((sum, part, i) => sum + part * [0.2126, 0.7152, 0.0722][i], 0);
const paperOf = element => {
  for (let box = element; box; box = box.parentElement) {
    const colour = getComputedStyle(box).backgroundColor;
    if (channels(colour)[3] !== 0) return colour;
  }
};
const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (texts.nextNode()) {
  const text = texts.currentNode, element = text.parentElement;
  if (!text.data.trim() || !element.checkVisibility() || element.closest('script, style, noscript, option')) continue;
  if (/\$|\\[a-z]/.test(text.data) && !element.closest('pre')) faults.push('not typeset: ' + text.data.trim().slice(0, 60));
  const inPicture = element.closest('svg');
  const [ink, paper] = [inPicture ? getComputedStyle(element).fill : getComputedStyle(element).color, paperOf(element)]
    .map(colour => luminance(colour == 'none' ? 'rgb(0,0,0)' : colour));
  const contrast = (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05);
  if (contrast < 4.5) faults.push(`contrast ${contrast.toFixed(1)}: ${text.data.trim().slice(0, 40)}`);
}
for (const entry of performance.getEntriesByType('resource')) {
  if (!/^(file|data|blob):/.test(entry.name)) faults.push('asks for ' + entry.name);
}
return faults;
"""


class Explorer:
    """The page, as one who reads it sees and uses it."""

    def __init__(self, driver, page, command):
        self.driver, self.page, self.command = driver, page.resolve().as_uri(), command
        self.faults = []

    def open(self, address=""):
        self.driver.get("about:blank")
        self.driver.get(self.page + address)

    def check(self, holds, fault):
        if not holds:
            self.faults.append(fault)

    def one(self, selector):
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def all(self, selector):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def wait(self, what, condition):
        try:
            WebDriverWait(self.driver, PATIENCE, 0.05).until(lambda _: condition())
        except Exception:
            self.faults.append(f"{what}: not within {PATIENCE} s; {self.fault() or 'no fault is shown'}")

    def fault(self):
        return self.one("#fault").text

    def share_done(self):
        return float(self.driver.execute_script("return document.getElementById('progress').value"))

    def wait_for_networks(self, what, share=0.0):
        self.wait(f"{what}: networks", lambda: self.share_done() > share)

    def wait_for_all(self, what):
        self.wait(f"{what}: all networks", lambda: self.share_done() == 1)

    def wait_for_picture(self, what, panel):
        self.driver.execute_script(f"document.getElementById('{panel}').scrollIntoView({{behavior: 'instant'}})")
        self.wait(f"{what}: {panel}", lambda: self.all(f"#{panel} .drawing svg"))

    def choose(self, control, value):
        Select(self.one(f"#{control}")).select_by_value(value)

    def enter(self, control, value):
        field = self.one(f"#{control}")
        field.send_keys(Keys.CONTROL, "a")
        field.send_keys(str(value), Keys.TAB)

    def read(self, what):
        self.faults += [f"{what}: {fault}" for fault in self.driver.execute_script(READ)]

    def listen(self, what):
        self.faults += [f"{what}: {message}" for message in console(self.driver)]
        self.check(not self.fault(), f"{what}: {self.fault()}")


PANELS = ("size", "output", "fan", "hypoactivation", "covariance", "gradient-layers", "gradient", "map", "paths")


def looks(explorer, screenshots):
    for width, scheme in ((360, "light"), (360, "dark"), (768, "light"), (1400, "light"), (1400, "dark")):
        what = f"{width} pixels, {scheme}"
        set_screen(explorer.driver, width, scheme)
        explorer.open("#samples=10000")
        began = time.monotonic()
        explorer.wait_for_networks(what)
        print(f"{what}: the first networks after {time.monotonic() - began:.2f} s")
        explorer.wait_for_all(what)
        for panel in PANELS:
            explorer.wait_for_picture(what, panel)
        explorer.wait(f"{what}: the map", lambda: explorer.one("#map .now").text.startswith("At depth"))
        explorer.driver.execute_script("scrollTo({top: 0, behavior: 'instant'}); document.getElementById('more').open = true")
        explorer.read(what)
        explorer.driver.execute_script("document.getElementById('more').open = false")
        explorer.check("is off by" in explorer.one("#verdict").text, f"{what}: no verdict")
        explorer.listen(what)
        if screenshots:
            save_screenshot(explorer.driver, screenshots / f"explorer-{width}-{scheme}.png")


def sliders_go_to_their_ends(explorer):
    explorer.open()
    explorer.choose("samples", "1000")
    explorer.driver.execute_script("document.getElementById('more').open = true")
    explorer.choose("branch", "linear-first")
    explorer.choose("branch", "activation-first")
    for slider in explorer.all("input[type=range]"):
        name = slider.get_attribute("aria-label")
        if not slider.is_displayed():
            continue
        for key, end in ((Keys.HOME, "low"), (Keys.END, "high")):
            slider.send_keys(key)
            what = f"{name} at its {end} end"
            explorer.wait(what, lambda: explorer.share_done() < 1 or explorer.fault())
            explorer.wait_for_networks(what)
            explorer.listen(what)
        explorer.one("#presets button").click()


def presets_and_links(explorer):
    addresses = []
    explorer.open()
    for i in range(len(explorer.all("#presets button"))):
        explorer.open()
        button = explorer.all("#presets button")[i]
        button.click()
        what = button.text
        explorer.wait_for_networks(what)
        explorer.check(button.get_attribute("aria-pressed") == "true", f"{what} is not pressed")
        explorer.one("#link").click()
        addresses.append((i, what, explorer.driver.execute_script("return location.hash")))
        explorer.listen(what)
    for i, what, address in addresses:
        explorer.open(address)
        explorer.wait_for_networks(f"the link to {what}")
        pressed = [button.get_attribute("aria-pressed") for button in explorer.all("#presets button")]
        explorer.check(pressed.index("true") == i, f"the link to {what}, {address}, shows another")
        explorer.listen(f"the link to {what}")


def wrong_links(explorer):
    for address, name in (("#width=0", "width"), ("#depth=abc", "depth"), ("#alpha=1e99", "alpha"), ("#nonsense=1", "nonsense"),
                          ("#family=<b>", "family"), ("#activation=gelu", "norm")):
        explorer.open(address)
        explorer.wait_for_networks(address)
        explorer.check(explorer.fault().startswith(name + ":"), f"{address} says {explorer.fault()!r}")
        explorer.faults += [f"{address}: {message}" for message in console(explorer.driver)]
    for control, wrong in (("width", "0"), ("width", "x"), ("alpha", "7"), ("seed", "-1")):
        explorer.open()
        before = explorer.one(f"#{control}").get_attribute("value")
        explorer.enter(control, wrong)
        explorer.check(wrong in explorer.fault(), f"{control} {wrong} says {explorer.fault()!r}")
        explorer.check(explorer.one(f"#{control}").get_attribute("value") == before, f"{control} stays at {wrong}")


def nothing_is_left_running(explorer):
    explorer.open()
    explorer.choose("samples", "1000000")
    explorer.wait_for_networks("before changes")
    slider = explorer.one("input[type=range]")
    for _ in range(15):
        slider.send_keys(Keys.ARROW_RIGHT)
        time.sleep(0.25)
    cores = explorer.driver.execute_script("return navigator.hardwareConcurrency")
    running = explorer.driver.execute_script("return workers.running.size")
    # One that simulates for each core, one that collects, and three that answer: curves, laws, and what is in the background.
    explorer.check(running <= cores + 4, f"{running} workers run after 15 changes, on {cores} cores")
    explorer.one("#stop").click()
    time.sleep(0.5)
    done = explorer.share_done()
    time.sleep(1)
    explorer.check(explorer.share_done() == done, "networks are drawn after Stop")
    explorer.listen("changes")


def hidden_tab(explorer):
    explorer.open()
    page = explorer.driver.current_window_handle
    explorer.wait_for_networks("before it is hidden")
    explorer.driver.switch_to.new_window("tab")
    time.sleep(3)
    explorer.driver.close()
    explorer.driver.switch_to.window(page)
    explorer.wait_for_all("after it was hidden")
    explorer.listen("hidden")


def memory_stays(explorer):
    def heap():
        explorer.driver.execute_cdp_cmd("HeapProfiler.collectGarbage", {})
        return explorer.driver.execute_cdp_cmd("Runtime.getHeapUsage", {})["usedSize"]

    explorer.open("#width=10&depth=5&samples=1000000")
    explorer.wait_for_networks("a million networks", 0.05)
    before = heap()
    explorer.wait_for_all("a million networks")
    after = heap()
    print(f"a million networks: {before / 1e6:.1f} MB in the page before, {after / 1e6:.1f} MB after")
    explorer.check(after < before + 5e6, f"a million networks took {(after - before) / 1e6:.1f} MB")
    explorer.listen("a million networks")


def pictures_can_be_saved(explorer):
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        explorer.driver.execute_cdp_cmd("Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(folder)})
        explorer.open("#samples=1000")
        explorer.wait_for_all("saving")
        # What comes last moves what is below it, buttons as well.
        explorer.wait_for_picture("saving", "gradient")
        explorer.wait("saving: gradients", lambda: "Simulated:" in explorer.one("#gradient .now").text)
        for panel in PANELS:
            explorer.wait_for_picture("saving", panel)
            for button in explorer.all(f"#{panel} .files button"):
                count = len(list(folder.iterdir()))
                # A true click: of downloads without one a browser allows ten.
                explorer.driver.execute_script("arguments[0].scrollIntoView({behavior: 'instant', block: 'center'})", button)
                button.click()
                explorer.wait(f"{panel} as {button.text}", lambda: len([f for f in folder.iterdir() if f.suffix != ".crdownload"]) > count)
        files = sorted(folder.iterdir())
        explorer.check(len(files) == 3 * len(PANELS), f"saved {[file.name for file in files]}")
        for file in files:
            if file.suffix == ".svg":
                text = file.read_text()
                xml.etree.ElementTree.fromstring(text)
                explorer.check("var(" not in text, f"{file.name} has the page's variables")
            elif file.suffix == ".png":
                explorer.check(file.read_bytes().startswith(b"\x89PNG") and file.stat().st_size > 10_000, f"{file.name} is no picture")
            else:
                lines = file.read_text().splitlines()
                explorer.check(lines[0].startswith("series,x,y") and len(lines) > 2, f"{file.name} has no numbers")
        explorer.listen("saving")


def keyboard_and_pointer(explorer):
    explorer.open("#samples=1000")
    explorer.wait_for_picture("keyboard", "map")
    explorer.wait("keyboard: the dot", lambda: explorer.all(".dot"))
    dot = explorer.one(".dot")
    for key, control, grows in ((Keys.ARROW_RIGHT, "width", True), (Keys.ARROW_LEFT, "width", False),
                                (Keys.ARROW_UP, "depth", True), (Keys.ARROW_DOWN, "depth", False)):
        before = float(explorer.one(f"#{control}").get_attribute("value"))
        dot.send_keys(key)
        after = float(explorer.one(f"#{control}").get_attribute("value"))
        explorer.check(after != before and (after > before) == grows, f"an arrow key moves {control} from {before} to {after}")
        explorer.check(explorer.driver.execute_script("return document.activeElement.className") == "dot", "the dot loses the focus")
    width = float(explorer.one("#width").get_attribute("value"))
    ActionChains(explorer.driver).drag_and_drop_by_offset(dot, 60, -40).perform()
    explorer.check(float(explorer.one("#width").get_attribute("value")) > 1.2 * width, "the dot cannot be dragged")
    explorer.open("#samples=1000")
    reached = set()
    for _ in range(60):
        explorer.driver.switch_to.active_element.send_keys(Keys.TAB)
        reached.add(explorer.driver.execute_script(
            "const e = document.activeElement; return (e.getAttribute('aria-label') || e.id || e.textContent || '').slice(0, 40)"))
    for name in ("width", "alpha", "Width", "tied", "samples", "reseed"):
        explorer.check(name in reached, f"the key Tab does not reach {name}")
    explorer.listen("keyboard")


def reduced_motion(explorer):
    explorer.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-reduced-motion", "value": "reduce"}]})
    explorer.open("#samples=10000")
    explorer.wait_for_all("reduced motion")
    explorer.wait_for_picture("reduced motion", "size")
    explorer.listen("reduced motion")


# Milliseconds from a slider's move, at the begin of a frame as a browser reports it, to its curves.
FOLLOW = """
const done = arguments[arguments.length - 1];
const slider = document.querySelector('input[type=range][aria-label="Skip scale"]');
const drawing = document.querySelector('#size .drawing');
const times = [];
let movedAt = 0;
const observer = new MutationObserver(() => {
  if (!movedAt) return;
  times.push(performance.now() - movedAt);
  movedAt = 0;
});
observer.observe(drawing, {childList: true});
const move = () => {
  slider.value = Number(slider.value) + (times.length % 2 ? 5 : -5) * Number(slider.step || 1);
  movedAt = performance.now();
  slider.dispatchEvent(new Event('input', {bubbles: true}));
};
const next = left => {
  if (left === 0) return done(times);
  requestAnimationFrame(move);
  setTimeout(() => next(left - 1), 70);
};
next(40);
"""


def curves_follow_a_slider(explorer):
    explorer.open("#samples=1000")
    explorer.wait_for_all("before a slider moves")
    times = sorted(explorer.driver.execute_async_script(FOLLOW))
    explorer.check(len(times) >= 36, f"of 40 moves of a slider {len(times)} are followed")
    median = times[len(times) // 2] if times else float("inf")
    print(f"curves follow a slider after {median:.1f} ms in the median, {times[0]:.1f} to {times[-1]:.1f}")
    # A frame and a half: on a machine that does nothing else it is within one.
    explorer.check(median < 25, f"curves follow a slider after {median:.1f} ms")
    explorer.listen("a slider moves")


def numbers_are_the_commands(explorer):
    explorer.open("#width=64&depth=20&leak=0.1&seed=3&samples=10000")
    explorer.wait_for_all("numbers")
    line = explorer.driver.execute_script("return document.querySelector('#code code').textContent")
    words = shlex.split(line)
    explorer.check(words[0] == "initlaw", f"{line} is not initlaw's")
    compared = json.loads(subprocess.run([explorer.command, *words[1:], "--json", "-"], check=True, capture_output=True).stdout)
    rows = explorer.driver.execute_script("""
        const rows = [...document.querySelectorAll('#laws tr:not(:first-child)')].map(row => [...row.cells].map(cell => cell.textContent));
        return Object.fromEntries(rows.map(([name, ...cells]) => [name, cells]));""")
    for name, key in (("finite-width law", "finite_width"), ("log-Gaussian limit", "log_gaussian"), ("Gaussian limit", "gaussian")):
        distance, verdict = rows.get(name, ["nan", ""])
        fit = compared["fit"][key]
        explorer.check(distance == distance_of(fit) and verdict == fit["verdict"],
                       f"the {name} is {distance}, {verdict} and of the command {fit['ks']}, {fit['verdict']}")
    mean = compared["simulation"]["log_output_norm2"]["mean"]
    shown = f"has the mean {mean['value']:.3f} ± {mean['std_error']:.3f} "
    text = explorer.driver.execute_script("return document.querySelector('[data-words=size]').textContent")
    explorer.check(shown in text, f"{shown!r} is not in {text!r}")
    explorer.listen("numbers")


def code_elsewhere(explorer):
    explorer.open("#width=64&depth=20&leak=0.1&seed=3&samples=1000")
    def code():
        return explorer.driver.execute_script("return [...document.querySelectorAll('#code code')].map(code => code.textContent)")

    explorer.wait("code", lambda: "--width 64" in code()[0])
    for text, part in zip(code(), ("--leak 0.1", "leak=0.1", ".leak = 0.1", "leak = 0.1"), strict=True):
        explorer.check(part in text, f"{part} is not in {text}")
    explorer.listen("code")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("explorer", type=pathlib.Path)
    parser.add_argument("command", type=pathlib.Path)
    parser.add_argument("--screenshots", type=pathlib.Path)
    parser.add_argument("--only", help="one of the tests, by name")
    parser.add_argument("--beside", action="store_true", help="leave out what measures time, as other programs run")
    arguments = parser.parse_args()
    tests = (sliders_go_to_their_ends, presets_and_links, wrong_links, nothing_is_left_running, hidden_tab, memory_stays,
             pictures_can_be_saved, curves_follow_a_slider, numbers_are_the_commands, keyboard_and_pointer, code_elsewhere, reduced_motion)
    with browser() as driver:
        driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": COUNT_WORKERS})
        explorer = Explorer(driver, arguments.explorer, arguments.command)
        if not arguments.only:
            looks(explorer, arguments.screenshots)
        for test in tests:
            if arguments.only in (None, test.__name__) and not (arguments.beside and test is curves_follow_a_slider):
                set_screen(driver, 1400, "light")  # which a tab that is closed may undo
                began = time.monotonic()
                test(explorer)
                print(f"{test.__name__}: {time.monotonic() - began:.1f} s")
    sys.exit("\n".join(explorer.faults) or None)


main()
