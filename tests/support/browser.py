# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A headless Chromium, driven over WebDriver (https://www.w3.org/TR/webdriver2/) by Chromium's own chromedriver."""

from __future__ import annotations

import contextlib
import pathlib
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterable, Iterator
from typing import Any

import requests

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
DRIVER = shutil.which("chromedriver")
FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage"),
)
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"


class Browser:
    """One session. What fails in the browser raises requests.HTTPError."""

    def __init__(self, session_url: str) -> None:
        self._url = session_url

    def open(self, page: pathlib.Path) -> None:
        self._post("url", {"url": page.as_uri()})
        # The driver may return before the page is loaded.
        while self.run("return document.readyState") != "complete":
            time.sleep(0.01)

    def run(self, script: str, *arguments: Any) -> Any:
        """What the body of a function returns; it runs whether or not the page may run scripts."""
        return self._post("execute/sync", {"script": script, "args": list(arguments)})

    def click(self, selector: str) -> None:
        self._post(f"element/{self._element(selector)}/click", {})

    def type(self, selector: str, text: str) -> None:
        self._post(f"element/{self._element(selector)}/value", {"text": text})

    def press(self, text: str) -> None:
        """Keys on what has the focus."""
        keys = [{"type": kind, "value": key} for key in text for kind in ("keyDown", "keyUp")]
        self._post("actions", {"actions": [{"type": "key", "id": "keyboard", "actions": keys}]})

    def hover(self, selector: str) -> None:
        move = {"type": "pointerMove", "origin": {ELEMENT: self._element(selector)}, "x": 0, "y": 0}
        self._post("actions", {"actions": [{"type": "pointer", "id": "mouse", "actions": [move]}]})

    def show_as(self, *, width: int, scheme: str) -> None:
        """Give the window a width in pixels, and prefer ``light`` or ``dark``, from the next page on."""
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
        media = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
        self._post("goog/cdp/execute", {"cmd": "Emulation.setDeviceMetricsOverride", "params": size})
        self._post("goog/cdp/execute", {"cmd": "Emulation.setEmulatedMedia", "params": media})

    def console(self) -> list[str]:
        """What the console has shown since the last call: errors, and what the content security policy refused."""
        return [entry["message"] for entry in self._post("se/log", {"type": "browser"})]

    def has_dialog(self) -> bool:
        return requests.get(f"{self._url}/alert/text", timeout=60).status_code == 200

    def _element(self, selector: str) -> str:
        return str(self._post("element", {"using": "css selector", "value": selector})[ELEMENT])

    def _post(self, path: str, body: dict[str, Any]) -> Any:
        answer = requests.post(f"{self._url}/{path}", json=body, timeout=60)
        if not answer.ok:
            raise requests.HTTPError(answer.json()["value"]["message"], response=answer)
        return answer.json()["value"]


def _address(output: Iterable[str]) -> str:
    for line in output:
        if found := re.search(r"on port (\d+)\.", line):
            return f"http://127.0.0.1:{found[1]}"
    raise RuntimeError(f"{DRIVER} did not start")


@contextlib.contextmanager
def browser(*, javascript: bool = True) -> Iterator[Browser]:
    """A browser with a profile of its own, for as long as the context lasts."""
    assert CHROMIUM and DRIVER
    with tempfile.TemporaryDirectory() as profile:
        driver = subprocess.Popen([DRIVER, "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        try:
            assert driver.stdout is not None
            url = _address(driver.stdout)
            options: dict[str, Any] = {
                "binary": CHROMIUM,
                "args": [*FLAGS, f"--user-data-dir={profile}", "--window-size=1280,1000"],
            }
            if not javascript:
                options["prefs"] = {"profile.managed_default_content_settings.javascript": 2}
            wanted = {"goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}}
            answer = requests.post(f"{url}/session", json={"capabilities": {"alwaysMatch": wanted}}, timeout=60)
            answer.raise_for_status()
            session_url = f"{url}/session/{answer.json()['value']['sessionId']}"
            yield Browser(session_url)
            requests.delete(session_url, timeout=60)
        finally:
            driver.terminate()
            driver.wait(timeout=30)
