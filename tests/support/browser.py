"""What every page shown in the browser must be: quiet, accessible, and no wider than a small phone."""

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Page, Response

NARROW = {"width": 360, "height": 740}
LAUNCH_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def chromium() -> str | None:
    """The browser to use: the system's, preferably without windows, else Playwright's own (None when it has none)."""
    for name in ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome-stable", "google-chrome"):
        if found := shutil.which(name):
            return found
    downloaded = sorted(Path.home().glob(".cache/ms-playwright/chromium-*/chrome-linux*/chrome"))
    return str(downloaded[-1]) if downloaded else None


class Guard:
    """Collects what a page complains about: console errors (violated content policy among them), scripts, lost files."""

    def __init__(self, page: Page, *, scripted: bool = True):
        self.complaints: list[str] = []
        self.scripted = scripted
        self._listening = True
        page.on("console", self._console)
        page.on("pageerror", lambda error: self._add(f"script error: {error}"))
        page.on("response", self._response)

    def assert_quiet(self) -> None:
        assert not self.complaints, "The page complained:\n" + "\n".join(self.complaints)

    @contextmanager
    def ignored(self) -> Iterator[None]:
        """What the check itself does to the page is no complaint of the page."""
        self._listening = False
        yield
        self._listening = True

    def _console(self, message: ConsoleMessage) -> None:
        # A document answered with 403 or 404 is the test's business, a lost file is reported by _response.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self._add(f"console: {message.text}")

    def _response(self, response: Response) -> None:
        if response.status >= 400 and response.request.resource_type != "document":
            self._add(f"{response.status} {response.url}")

    def _add(self, complaint: str) -> None:
        if self._listening:
            self.complaints.append(complaint)


def assert_no_sideways_scroll(page: Page) -> None:
    """At 360 px nothing sticks out. The size of the window is put back."""
    before = page.viewport_size
    page.set_viewport_size(NARROW)
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= NARROW["width"], f"{page.url} is {width} px wide on a phone of {NARROW['width']} px"
    if before:
        page.set_viewport_size(before)


# How a page is built, without what it says: like neighbours (the rows of a list) count once.
BUILD = """() => {
    const build = element => {
        const said = [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim());
        const marks = [...element.attributes].map(({name, value}) =>
            /^(id|name|value|href|action|for|title|content|d|points|x|y|x1|x2|y1|y2|width|height|aria-(label|labelledby|describedby))$/
                .test(name) ? `${name}:${Boolean(value)}` : `${name}=${value}`);
        const inside = [...element.children].map(build).filter((one, n, all) => one !== all[n - 1]);
        return `${element.tagName}(${marks.sort()})${said}[${inside}]`;
    };
    return `${Boolean(document.title)} ${build(document.documentElement)}`;
}"""
EVERYTHING = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
# What the width of the window changes on a page that is otherwise the same.
LAYOUT = {"type": "rule", "values": ["target-size", "scrollable-region-focusable"]}
_accessible: set[tuple[str, int]] = set()  # how a page is built, and the width it was looked at in


def assert_accessible(page: Page) -> None:
    """No finding of axe against WCAG 2.2 AA. A page built like one that had none is looked at again only in a new width."""
    build = hashlib.sha256(page.evaluate(BUILD).encode()).hexdigest()
    width = page.viewport_size["width"]
    if (build, width) in _accessible:
        return
    rules = LAYOUT if any(build == known for known, _width in _accessible) else EVERYTHING
    results = Axe().run(page, options={"runOnly": rules, "resultTypes": ["violations"]})
    findings = [
        f"{violation['id']}: {violation['help']}\n    " + "\n    ".join(node["html"] for node in violation["nodes"][:5])
        for violation in results.response["violations"]
    ]
    assert not findings, f"{page.url}\n" + "\n".join(findings)
    _accessible.add((build, width))
