"""Prints of stored pages: no script, no network, no file, no process left behind."""

import os
import shutil
import time
from io import BytesIO
from pathlib import Path
from typing import Any

import pypdf
import pytest

from promises.captures import rendering
from promises.captures.rendering import NotRendered, browser, memory_of, render
from tests.fetching.servers import Canary

pytestmark = pytest.mark.browser
URL = "https://news.example.org/2026/memo?page=1"


@pytest.fixture(autouse=True)
def chromium(settings: Any) -> None:
    """The Chromium of this machine."""
    settings.CHROMIUM = ""
    if not browser():
        pytest.skip("NOT TESTED IN A BROWSER: install chromium-headless-shell, or chromium.")


def printed(html: str) -> str:
    """Print a page; return the text of the print."""
    pdf = render(html.encode(), charset="utf-8", url=URL)
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(pdf)).pages)


def processes() -> set[str]:
    """Return the processes whose profile is that of a print."""
    found = set()
    for line in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if b"--user-data-dir=" in line.read_bytes() and b"rendering-" in line.read_bytes():
                found.add(line.parent.name)
        except OSError:
            continue
    return found


def test_a_print_says_what_the_page_says() -> None:
    assert "No more cash bail: ñ" in printed("<h1>No more cash bail: ñ</h1>")
    assert processes() == set()


def test_nothing_leaves_and_nothing_is_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("SECRET OF THIS MACHINE")
    canary = Canary()
    there = f"http://127.0.0.1:{canary.port}"
    named = f"http://localhost:{canary.port}"
    try:
        text = printed(
            f"""<!doctype html><html><head>
            <meta http-equiv="refresh" content="0;url=file://{secret}">
            <link rel="stylesheet" href="{there}/style.css">
            <link rel="prefetch" href="{there}/next"><link rel="preconnect" href="{named}">
            <link rel="dns-prefetch" href="{named}">
            <style>@import "{there}/other.css"; body {{ background: url({named}/x.png) }}
            @font-face {{ font-family: f; src: url({there}/font) }} p {{ font-family: f }}</style>
            </head><body><p>The words stay.</p>
            <img src="{there}/picture.png"><iframe src="{there}/frame"></iframe>
            <iframe src="file://{secret}"></iframe><object data="file://{secret}"></object>
            <embed src="file://{secret}"><iframe srcdoc="<img src={there}/inner>"></iframe>
            <video src="{there}/film" autoplay></video><audio src="{there}/sound" autoplay></audio>
            <script>document.body.append("SCRIPT RAN"); fetch("{there}/script")</script>
            <img src=x onerror="document.body.append('HANDLER RAN')">
            <svg><use href="{there}/x.svg#y"></use><image href="{there}/image"></image></svg>
            <script src="{there}/far.js"></script></body></html>"""
        )
        time.sleep(0.2)
        assert "The words stay." in text
        assert "SECRET" not in text
        assert "RAN" not in text
        assert canary.calls == []
    finally:
        canary.close()


def test_what_takes_too_long_is_ended_with_all_its_processes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rendering, "SECONDS", 0.5)
    with pytest.raises(NotRendered, match=r"was not done after 0\.5 seconds"):
        render(b"<p>" * 400_000, charset="utf-8", url=URL)
    assert processes() == set()


def test_what_takes_too_much_memory_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rendering, "MOST_MEMORY", 1_000_000)
    monkeypatch.setattr(rendering, "_LOOKS_EVERY", 0.0)
    with pytest.raises(NotRendered, match="too much memory"):
        render(b"<p>Words", charset="utf-8", url=URL)
    assert processes() == set()


def test_memory_is_counted_for_a_group() -> None:
    assert memory_of(os.getpgrp()) > 1_000_000
    assert memory_of(2**30) == 0


def test_a_program_that_is_no_browser_is_no_print(settings: Any) -> None:
    settings.CHROMIUM = shutil.which("true")
    with pytest.raises(NotRendered):
        render(b"<p>Words", charset="utf-8", url=URL)
