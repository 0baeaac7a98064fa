#!/usr/bin/python3
"""Opens every page of the site that script/docs builds in headless Chromium, from its folder and without a network.

usage: read_site.py SITE SOURCES [--screenshots DIR]

Fails unless each can be read as a phone and as a wide screen show it, in light and in dark, has its formulas typeset and its
pictures, asks for nothing outside the site, and links to pages and places that exist; and unless a search finds something.
"""

import argparse
import pathlib
import sys
from urllib.parse import unquote, urldefrag

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from browser import TEXT_FAULTS, browser, console, save_screenshot, set_screen  # noqa: E402

READ = TEXT_FAULTS + r"""
const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (texts.nextNode()) {
  const text = texts.currentNode;
  if (text.parentElement.closest('pre, code, script, style, .katex')) continue;
  if (/\$|\\[a-z]/.test(text.data)) faults.push('not typeset: ' + text.data.trim().slice(0, 60));
}
for (const formula of document.querySelectorAll('.katex-error, .problematic')) faults.push('wrong: ' + formula.textContent);
for (const font of document.fonts) if (font.status == 'error') faults.push('no font ' + font.family);
if (document.querySelector('.katex') && !document.fonts.check('16px KaTeX_Main')) faults.push('formulas without their font');
for (const picture of document.images) {
  if (picture.checkVisibility() && picture.naturalWidth == 0 && picture.loading != 'lazy') faults.push('no picture ' + picture.src);
}
for (const picture of document.querySelectorAll('article img')) {
  if (light(getComputedStyle(picture).backgroundColor) < 1) faults.push('on dark paper: ' + picture.src);
}
for (const entry of performance.getEntriesByType('resource')) {
  if (!/^(file|data|blob):/.test(entry.name)) faults.push('asks for ' + entry.name);
}
return {
  faults,
  formulas: document.querySelectorAll('.katex-display').length,
  links: [...document.links].map(link => link.href),
  places: [...document.querySelectorAll('[id]')].map(element => element.id),
};
"""


def page_of(address):
    return pathlib.Path(unquote(address.removeprefix("file://")))


def link_faults(pages):
    """Links to what does not exist, given what was read of each page."""
    faults = []
    for page, read in pages.items():
        for link in sorted(set(read["links"])):
            address, place = urldefrag(link)
            if not address.startswith("file:"):
                continue
            target = page_of(address.partition("?")[0])
            if not target.is_file():
                faults.append(f"{page}: links to {target}, which does not exist")
            elif place and target in pages and unquote(place) not in pages[target]["places"]:
                faults.append(f"{page}: links to {place} in {target}, which does not exist")
    return faults


def formulas_in(source):
    """Displayed formulas of the text or notebook that a page is made of, or of the page that is shown as it is."""
    if source.exists():
        return source.read_text().count('class="katex-display"')
    files = [source.with_suffix(suffix) for suffix in (".md", ".ipynb")]
    return sum(file.read_text().count("$$") // 2 for file in files if file.exists())


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("site", type=pathlib.Path)
    parser.add_argument("sources", type=pathlib.Path)
    parser.add_argument("--screenshots", type=pathlib.Path)
    arguments = parser.parse_args()
    site = arguments.site.resolve()

    faults, pages = [], {}
    with browser() as driver:
        for page in sorted(site.rglob("*.html")):
            driver.get(page.as_uri())
            for width, scheme in ((360, "light"), (1400, "dark")):
                set_screen(driver, width, scheme)
                read = driver.execute_async_script(f"document.fonts.ready.then(() => (() => {{{READ}}})()).then(arguments[0])")
                expected = formulas_in(arguments.sources / page.relative_to(site))
                if read["formulas"] != expected:
                    read["faults"].append(f"{read['formulas']} displayed formulas, of {expected}")
                faults += [f"{page} at {width} pixels, {scheme}: {fault}" for fault in read["faults"] + console(driver)]
                pages[page] = read
                if arguments.screenshots:
                    name = "-".join(page.relative_to(site).with_suffix("").parts) + f"-{width}-{scheme}.png"
                    save_screenshot(driver, arguments.screenshots / name)
        faults += link_faults(pages)

        driver.get((site / "search.html").as_uri() + "?q=hypoactivation")
        driver.implicitly_wait(10)
        if not driver.find_elements("css selector", "#search-results li a"):
            faults.append("a search for hypoactivation finds nothing")
        faults += console(driver)

        driver.get((site / "index.html").as_uri())
        themes = set()
        for _ in range(3):
            driver.find_element("css selector", ".content-icon-container .theme-toggle").click()
            themes.add(driver.execute_script("return getComputedStyle(document.body).backgroundColor"))
        if len(themes) != 2:
            faults.append(f"the button for light and dark shows {themes}")
    sys.exit("\n".join(faults) or None)


main()
