"""The night in a real browser: the duty officer sees it, acts in it, and nothing is asked of another machine."""

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, expect, sync_playwright
from tests.conftest import CHROMIUM

from anlan.api.app import create_app
from anlan.demo.controls import Controls
from anlan.demo.director import Director, stepped
from anlan.demo.night import dusk, people_the_city
from anlan.demo.scenario import load_scenario
from anlan.web.pages import INDEX, STATIC

pytestmark = [
    pytest.mark.needs("chromium"),
    pytest.mark.skipif(not (STATIC / INDEX).is_file(), reason="the page is not built"),
]

DARK = "2024-09-16T03:40"
"""When the rain has come and nobody has acted yet."""

SOFTWARE_GL = ["--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve a night that stands still at its darkest, with nobody acting."""
    scenario = load_scenario("bebinca")
    world = dusk(scenario, tmp_path_factory.mktemp("night"), 2024)
    people_the_city(world)
    director = Director(world, scenario, 2024, autopilot=False)
    end = scenario.until(DARK, ZoneInfo("Asia/Shanghai"))
    director.run(end, stepped(world))
    app = create_app(world, extra=(Controls(world, director, scenario, end).router,))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = uvicorn.Server(
        uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error", timeout_graceful_shutdown=1)
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()
    world.close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SOFTWARE_GL)
        yield browser
        browser.close()


class Desk:
    """One person at a browser, and what went wrong there."""

    def __init__(self, chromium: Browser, night: str, user: str, width: int = 1366, height: int = 768) -> None:
        self.base = night
        self.page: Page = chromium.new_page(viewport={"width": width, "height": height})
        self.faults: list[str] = []
        self.outside: list[str] = []
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("request", lambda request: self._note(request.url))
        self.page.goto(f"{night}/login")
        self.page.locator(f"[data-user='{user}']").click()
        self.page.wait_for_url(f"{night}/")

    def _note(self, url: str) -> None:
        if not url.startswith((self.base, "blob:", "data:")):
            self.outside.append(url)

    def go(self, path: str) -> None:
        self.page.goto(self.base + path)

    def do(self, verb: str) -> None:
        """Press the button of a verb and confirm."""
        self.page.locator(f"[data-verb='{verb}']").first.click()
        confirm = self.page.locator(".act-confirm")
        confirm.click()
        expect(confirm).to_have_count(0)

    def leave(self) -> None:
        self.page.close()
        assert self.faults == []
        assert self.outside == []


def test_the_map_is_drawn_without_asking_another_machine(chromium: Browser, night: str) -> None:
    desk = Desk(chromium, night, "duty_officer.310117")

    expect(desk.page.locator(".map-frame[data-ready='yes']")).to_have_count(1, timeout=20_000)
    expect(desk.page.locator(".timeline li").first).to_be_visible()
    desk.leave()


def test_the_duty_officer_acknowledges_an_alarm_and_it_leaves_the_desk(chromium: Browser, night: str) -> None:
    desk = Desk(chromium, night, "duty_officer.310117")
    desk.go("/desks")
    first = desk.page.locator("[data-alarm]").first
    first.wait_for()
    alarm = first.get_attribute("data-alarm")

    desk.do("alarm.acknowledge")

    expect(desk.page.locator(f"[data-alarm='{alarm}']")).to_have_count(0)
    desk.leave()


def test_a_warning_is_submitted_by_one_and_approved_and_issued_by_others(chromium: Browser, night: str) -> None:
    officer = Desk(chromium, night, "duty_officer.310117")
    officer.go("/warnings")
    officer.page.locator("[data-warning]").first.wait_for()
    officer.do("warning.submit")
    expect(officer.page.locator(".path-now")).to_contain_text("待审")
    address = officer.page.locator("[data-warning] a").first.get_attribute("href") or ""
    officer.leave()

    leader = Desk(chromium, night, "shift_leader.310117")
    leader.go(address)
    leader.do("warning.approve")
    leader.do("warning.issue")

    expect(leader.page.locator(".path-now")).to_contain_text("已发布")
    expect(leader.page.locator("a[href$='cap.xml']")).to_be_visible()
    leader.leave()


@pytest.mark.parametrize("width", [390, 1366, 1920])
def test_no_screen_is_wider_than_the_window(chromium: Browser, night: str, width: int) -> None:
    desk = Desk(chromium, night, "commander.310000", width=width, height=844)
    widths = {}
    desk.page.locator(".nav-link").first.wait_for()
    for screen in desk.page.locator(".nav-link").all():
        screen.click()
        expect(desk.page.locator(".screen > *").first).to_be_visible()
        desk.page.wait_for_load_state("load")
        widths[screen.inner_text()] = desk.page.evaluate("document.documentElement.scrollWidth")

    assert max(widths.values()) <= width, widths
    desk.leave()


def test_the_page_speaks_english_on_demand(chromium: Browser, night: str) -> None:
    desk = Desk(chromium, night, "duty_officer.310000")

    desk.page.get_by_label("切换到英文").click()

    expect(desk.page.locator(".nav")).to_contain_text("Warnings")
    assert desk.page.locator("html").get_attribute("lang") == "en"
    desk.leave()


def test_built_page_names_no_other_host() -> None:
    asked = [path for path in Path(STATIC).rglob("*.html") if "http" in path.read_text(encoding="utf-8")]

    assert asked == []
