import asyncio
from pathlib import Path

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.types import ASGIApp

from anlan.web import mount_pages, pages

PAGE = "<!doctype html><title>page</title>"


class Browser:
    """Asks an application as a browser would, without a network."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    def get(self, address: str, headers: dict[str, str] | None = None) -> httpx2.Response:
        async def ask() -> httpx2.Response:
            transport = httpx2.ASGITransport(app=self.app)
            async with httpx2.AsyncClient(transport=transport, base_url="http://anlan") as client:
                return await client.get(address, headers=headers)

        return asyncio.run(ask())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text(PAGE, encoding="utf-8")
    (tmp_path / "favicon.svg").write_text("<svg/>", encoding="utf-8")
    (tmp_path / "assets" / "index-3f9a.js").write_text("export {};" * 200, encoding="utf-8")
    return tmp_path


@pytest.fixture
def browser(folder: Path) -> Browser:
    api = Route("/api/v1/me", lambda _: PlainTextResponse("me"))
    app = Starlette(routes=[api])
    mount_pages(app, folder)
    return Browser(app)


@pytest.mark.parametrize("address", ["/", "/desks", "/warnings/warning-12", "/journal"])
def test_every_screens_address_answers_with_the_page(browser: Browser, address: str) -> None:
    answer = browser.get(address)

    assert answer.status_code == 200
    assert answer.text == PAGE
    assert answer.headers["cache-control"] == "no-cache"


def test_a_hashed_asset_is_kept_for_good_and_the_page_is_always_asked_for(browser: Browser) -> None:
    asset = browser.get("/assets/index-3f9a.js")

    assert "immutable" in asset.headers["cache-control"]
    assert browser.get("/favicon.svg").headers["cache-control"] == "no-cache"


def test_an_unchanged_page_is_not_sent_again(browser: Browser) -> None:
    etag = browser.get("/").headers["etag"]

    assert browser.get("/", headers={"If-None-Match": etag}).status_code == 304


@pytest.mark.parametrize("address", ["/assets/gone-1234.js", "/api/v1/nothing", "/robots.txt"])
def test_what_is_not_a_screen_is_not_found(browser: Browser, address: str) -> None:
    assert browser.get(address).status_code == 404


@pytest.mark.parametrize(
    "address", ["/../pyproject.toml", "/%2e%2e/%2e%2e/etc/passwd", "/assets/..%2f..%2fetc%2fpasswd"]
)
def test_no_address_leads_out_of_the_folder(browser: Browser, address: str) -> None:
    answer = browser.get(address)

    assert answer.text in {PAGE, "Not Found"}


def test_the_browser_is_told_to_load_nothing_from_elsewhere(browser: Browser) -> None:
    policy = browser.get("/").headers["content-security-policy"]

    assert "default-src 'self'" in policy
    assert "http:" not in policy
    assert "https:" not in policy
    assert "script-src 'self';" in policy


def test_the_api_stays_reachable_beside_the_page(browser: Browser) -> None:
    assert browser.get("/api/v1/me").text == "me"


@pytest.mark.parametrize(
    ("lang", "sentence"), [("en-GB", "has not been built"), ("zh-CN", "尚未构建"), ("", "尚未构建")]
)
def test_a_missing_build_is_said_plainly_in_the_readers_language(tmp_path: Path, lang: str, sentence: str) -> None:
    answer = Browser(pages(tmp_path)).get("/desks", headers={"Accept-Language": lang})

    assert answer.status_code == 503
    assert sentence in answer.text
    assert "make page" in answer.text
    assert "default-src 'self'" in answer.headers["content-security-policy"]
