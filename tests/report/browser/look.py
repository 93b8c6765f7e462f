# SPDX-License-Identifier: MIT
"""look.py PAGE.html [AXE.js] [FOLDER]: a page of `descent report` as a reader's browser shows it.

Prints each trouble and ends with 1 if there is any. With a folder, screenshots of the page are left
there.
"""

import base64
import json
import pathlib
import sys

from chromium import Chromium

WIDTHS = ((1280, 900), (390, 844))

# Draws all figures, which otherwise waits for idle time.
DRAW = "dispatchEvent(new Event('beforeprint')), document.querySelectorAll('figure').length"

FACTS = """({
  figures: document.querySelectorAll('figure').length,
  drawings: document.querySelectorAll('figure .plot > svg').length,
  sideways: document.documentElement.scrollWidth - innerWidth,
  leaks: [...document.querySelectorAll('figure')]
      .filter(figure => /NaN|undefined|Infinity/.test(figure.innerHTML))
      .map(figure => figure.textContent.slice(0, 60)),
  strange: document.querySelectorAll('main script, main img, main iframe, [onerror], [onclick]').length
})"""

# What the row under a place of a picture says, to compare it with what is spoken.
SPOKEN = "document.activeElement.parentNode.querySelector('[aria-live]').textContent"
TIP = "[...document.activeElement.querySelectorAll('.tip:not([hidden]) td')].map(cell => cell.textContent)"


class Look:
    def __init__(self, page, axe, folder):
        self.url = pathlib.Path(page).resolve().as_uri()
        self.axe = pathlib.Path(axe).read_text() if axe else ""
        self.folder = folder
        self.troubles = []
        self.browser = Chromium()

    def trouble(self, text):
        self.troubles.append(text)

    def heard(self, where):
        """Messages of the console, and requests other than for the page."""
        for name, event in self.browser.events:
            if name == "Runtime.consoleAPICalled":
                self.trouble("%s: console: %s" % (where, json.dumps(event["args"])[:300]))
            elif name == "Log.entryAdded":
                self.trouble("%s: log: %s" % (where, event["entry"]["text"]))
            elif name == "Runtime.exceptionThrown":
                self.trouble("%s: %s" % (where, json.dumps(event["exceptionDetails"])[:300]))
            elif name == "Page.javascriptDialogOpening":
                self.trouble("%s: a dialog opens" % where)
            elif name == "Network.requestWillBeSent":
                url = event["request"]["url"]
                if url.split("#")[0] != self.url and not url.startswith("data:"):
                    self.trouble("%s: asks for %s" % (where, url[:200]))

    def shown(self, where):
        self.browser.run(DRAW)
        facts = self.browser.run(FACTS)
        if facts["figures"] == 0 or facts["drawings"] != facts["figures"]:
            self.trouble("%s: %d of %d figures are drawn" % (where, facts["drawings"], facts["figures"]))
        if facts["sideways"] > 0:
            self.trouble("%s: scrolls %d pixels sideways" % (where, facts["sideways"]))
        for text in facts["leaks"]:
            self.trouble("%s: not a number in '%s'" % (where, text))
        if facts["strange"]:
            self.trouble("%s: %d elements that no report has" % (where, facts["strange"]))
        self.heard(where)
        return facts["figures"]

    def accessible(self, where):
        if not self.axe:
            return
        self.browser.run(self.axe + "; 0")
        broken = self.browser.run(
            "axe.run().then(found => found.violations.map(one => one.id + ': ' + one.nodes.length +"
            " ' x ' + one.nodes[0].html.slice(0, 160)))")
        for text in broken:
            self.trouble("%s: axe-core: %s" % (where, text))

    def screenshot(self, name):
        if self.folder:
            image = self.browser.ask("Page.captureScreenshot", captureBeyondViewport=True)
            (pathlib.Path(self.folder) / (name + ".png")).write_bytes(base64.b64decode(image["data"]))

    def keys(self):
        """Tab to a picture, then along it: what is spoken is what the tip shows."""
        browser = self.browser
        browser.run("scrollTo(0, 0)")
        for _ in range(400):
            browser.press("Tab")
            if browser.run("document.activeElement.matches('.plot')"):
                break
        else:
            return self.trouble("Tab does not reach a picture")
        said = []
        for key in ("ArrowRight", "ArrowRight", "End", "Home", "ArrowLeft"):
            browser.press(key)
            spoken, cells = browser.run(SPOKEN), browser.run(TIP)
            said.append(spoken)
            if not spoken or not cells:
                self.trouble("%s: nothing is spoken or shown" % key)
            for cell in cells:
                if cell.strip() not in spoken:
                    self.trouble("%s: '%s' is shown, and '%s' is spoken" % (key, cell, spoken))
        if said[0] != said[3]:
            self.trouble("Home leads to '%s', the first is '%s'" % (said[3], said[0]))
        if said[0] == said[1] or said[0] == said[2]:
            self.trouble("keys do not lead to another place than '%s'" % said[0])
        browser.press("Escape")
        if browser.run(TIP):
            self.trouble("Escape leaves the tip")

    def paper(self, figures):
        """Printed at once, before any idle time: every figure is on the paper."""
        self.browser.open(self.url, *WIDTHS[0], media="print")
        pages = base64.b64decode(self.browser.ask("Page.printToPDF", paperWidth=8.27,
                                                  paperHeight=11.69)["data"])
        shown = self.browser.run(
            "[...document.querySelectorAll('figure .plot > svg')]"
            ".filter(drawing => drawing.getBoundingClientRect().height > 40).length")
        if shown != figures:
            self.trouble("print: %d of %d figures" % (shown, figures))
        if self.folder:
            (pathlib.Path(self.folder) / "paper.pdf").write_bytes(pages)

    def all(self):
        figures = 0
        for scheme in ("light", "dark"):
            for width, height in WIDTHS:
                where = "%s, %d pixels" % (scheme, width)
                self.browser.open(self.url, width, height, scheme)
                figures = self.shown(where)
                self.accessible(where)
                self.screenshot("%s-%d" % (scheme, width))
                if scheme == "light" and width == WIDTHS[0][0]:
                    self.keys()
        self.paper(figures)
        self.browser.close()
        for text in self.troubles:
            print(text)
        print("%d figures, %d troubles" % (figures, len(self.troubles)))
        return 1 if self.troubles else 0


if __name__ == "__main__":
    sys.exit(Look(*(sys.argv[1:4] + ["", ""])[:3]).all())
