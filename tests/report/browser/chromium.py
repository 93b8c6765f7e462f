# SPDX-License-Identifier: MIT
"""Chromium without a window, asked by its DevTools protocol over two pipes: no port, no package."""

import json
import os
import select
import shutil
import subprocess
import tempfile
import time

PATIENCE = 60  # seconds for one answer of the browser


class Chromium:
    """A browser with one page. Events of the page are kept in `events`, (method, parameters)."""

    def __init__(self):
        self.folder = tempfile.mkdtemp()
        read_by_browser, self.to_browser = os.pipe()
        self.from_browser, written_by_browser = os.pipe()
        self.process = subprocess.Popen(
            [
                "/bin/sh", "-c", 'exec "$@" 3<&%d 4>&%d' % (read_by_browser, written_by_browser),
                "sh", "chromium", "--headless=new", "--no-sandbox", "--disable-gpu",
                "--remote-debugging-pipe", "--no-first-run", "--disable-extensions",
                "--disable-background-networking", "--user-data-dir=" + self.folder, "about:blank",
            ],
            pass_fds=(read_by_browser, written_by_browser), stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        os.close(read_by_browser)
        os.close(written_by_browser)
        self.buffer, self.last_id, self.session, self.events = b"", 0, None, []
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.ask(domain + ".enable")

    def message(self):
        while b"\0" not in self.buffer:
            if not select.select([self.from_browser], [], [], PATIENCE)[0]:
                raise RuntimeError("chromium does not answer")
            read = os.read(self.from_browser, 1 << 20)
            if not read:
                raise RuntimeError("chromium has ended")
            self.buffer += read
        one, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(one)

    def ask(self, method, **parameters):
        self.last_id += 1
        message = {"id": self.last_id, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.to_browser, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.message()
            if answer.get("id") == self.last_id:
                if "error" in answer:
                    raise RuntimeError("%s: %s" % (method, answer["error"]["message"]))
                return answer["result"]
            if "method" in answer:
                self.events.append((answer["method"], answer["params"]))

    def open(self, url, width, height, scheme="light", media=""):
        """A page as wide, with its events alone."""
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=height,
                 deviceScaleFactor=1, mobile=False)
        self.ask("Emulation.setEmulatedMedia", media=media,
                 features=[{"name": "prefers-color-scheme", "value": scheme}])
        self.run("window.isFormer = true")
        self.events = []
        failed = self.ask("Page.navigate", url=url).get("errorText")
        deadline = time.monotonic() + PATIENCE
        while not self.run("document.readyState == 'complete' && !window.isFormer"):
            if failed or time.monotonic() > deadline:
                raise RuntimeError("%s is not shown: %s" % (url, failed or "no answer"))
            time.sleep(0.01)

    def run(self, script):
        """The value of a JavaScript expression, of a promise what it is resolved to."""
        answer = self.ask("Runtime.evaluate", expression=script, returnByValue=True,
                          awaitPromise=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(json.dumps(answer["exceptionDetails"])[:500])
        return answer["result"].get("value")

    def press(self, key):
        code = {"Tab": 9, "Escape": 27, "End": 35, "Home": 36, "ArrowLeft": 37, "ArrowRight": 39}
        for kind in ("rawKeyDown", "keyUp"):
            self.ask("Input.dispatchKeyEvent", type=kind, key=key, code=key,
                     windowsVirtualKeyCode=code[key])

    def close(self):
        self.session = None
        try:
            self.ask("Browser.close")
        except (OSError, RuntimeError):
            pass
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
        shutil.rmtree(self.folder, ignore_errors=True)
