"""The flood map of a forecast in a real browser: its moments are played, its layers switched, its arrivals opened."""

import json
import re
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Browser, Request, expect
from tests.web.test_browser import Desk, chromium

from anlan.api.app import create_app
from anlan.demo.controls import Controls
from anlan.demo.director import Director
from anlan.demo.night import dusk, people_the_city
from anlan.demo.scenario import load_scenario
from anlan.kernel.access import Actor, Grant
from anlan.web.pages import INDEX, STATIC

__all__ = ["chromium"]  # a fixture

pytestmark = [
    pytest.mark.needs("chromium"),
    pytest.mark.skipif(not (STATIC / INDEX).is_file(), reason="the page is not built"),
]

DISTRICT = "310117"
HEAVY_MM_H = [80.0, 60.0, 20.0, 0.0, 0.0, 0.0]
TEXTS = Path(__file__).parents[2] / "web" / "src" / "i18n" / "en.json"
SIZES = [(1366, 768), (1920, 1080), (390, 844)]
HAN = re.compile(r"[\u4e00-\u9fff]")
DRAWN = ".map-frame[data-drawn='yes']"


@pytest.fixture(scope="module")
def flooded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve a city at dusk, with one forecast of heavy rain over a district."""
    scenario = load_scenario("bebinca")
    world = dusk(scenario, tmp_path_factory.mktemp("flooded"), 2024)
    people_the_city(world)
    analyst = Actor("analyst", (Grant("analyst", "310000"),))
    rain = [{"area": "310000", "hours": HEAVY_MM_H}]
    world.act(
        analyst, "outlook.record", {"issued": world.clock.now(), "source": "a test", "synthetic": True, "rain": rain}
    )
    world.act(analyst, "forecast.run", {"area": DISTRICT})
    controls = Controls(world, Director(world, scenario, 2024, autopilot=False), scenario, scenario.start)
    app = create_app(world, pump=False, extra=(controls.router,))
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


def tiles_asked(desk: Desk) -> list[str]:
    """Return the list that every tile asked from now on is put into, by its layer and moment."""
    asked: list[str] = []

    def note(request: Request) -> None:
        found = re.search(r"/tiles/(\w+)/\d+/\d+/\d+\.png\?v=\w+(&frame=\d+)?$", request.url)
        if found:
            asked.append(found[1] + (found[2] or ""))

    desk.page.on("request", note)
    return asked


def test_moments_are_played_layers_switched_and_arrivals_visited(chromium: Browser, flooded: str) -> None:
    desk = Desk(chromium, flooded, f"duty_officer.{DISTRICT}")
    page, asked = desk.page, tiles_asked(desk)
    desk.go("/assess")
    expect(page.locator(DRAWN)).to_have_count(1, timeout=20_000)
    assert set(asked) == {"depth"}
    head = page.locator(".flood-head")
    expect(head).to_contain_text("筛查级")
    expect(head).to_contain_text("合成数据")

    bar = page.locator(".frame-bar")
    bar.get_by_role("button", name="播放").click()
    expect(bar).to_have_attribute("data-frame", "2", timeout=20_000)
    bar.get_by_role("button", name="暂停").click()
    assert {"frame&frame=0", "frame&frame=1", "frame&frame=2"} <= set(asked)
    bar.get_by_role("slider").press("End")
    expect(page.locator(DRAWN)).to_have_count(1)
    assert bar.get_attribute("data-playing") == "no"
    assert bar.get_attribute("data-frame") == "11"

    for shown, legend, layer in (("chance", "chance", "chance_1"), ("arrival", "arrival", "arrival")):
        page.locator(f"[data-shown='{shown}']").click()
        expect(page.locator(f"[data-legend='{legend}']")).to_be_visible()
        expect(page.locator(DRAWN)).to_have_count(1)
        assert layer in asked
    page.locator("[data-shown='depth']").click()
    with page.expect_request(re.compile("/tiles/depth_high/")):
        page.locator(".flood-choice .ant-segmented-item").nth(2).click()

    first = page.locator("[data-arrival]").first
    with page.expect_response(re.compile(r"/at\?lon=")) as answered:
        first.click()
    expect(page.locator(".place-card")).to_contain_text("最大水深")
    assert answered.value.json()["depth_m"]["best"] > 0
    expect(first).to_have_attribute("aria-pressed", "true")
    desk.leave()


def test_a_click_on_the_map_tells_of_the_place_and_why_is_told(chromium: Browser, flooded: str) -> None:
    desk = Desk(chromium, flooded, f"duty_officer.{DISTRICT}")
    page = desk.page
    desk.go("/assess")
    expect(page.locator(DRAWN)).to_have_count(1, timeout=20_000)
    with page.expect_response(re.compile(r"/at\?lon=")) as answered:
        page.locator(".map").click(position={"x": 560, "y": 330})
    assert answered.value.ok
    expect(page.locator(".place-card")).to_be_visible()

    side = page.locator(".situation-side > .ant-segmented .ant-segmented-item")
    side.nth(2).click()
    why = page.locator(".flood-why")
    expect(why).to_contain_text("集合成员")
    expect(why).to_contain_text("测点订正")
    expect(why).to_contain_text("Bates")
    side.nth(1).click()
    expect(page.locator("[data-roads]")).to_contain_text("0.3 m")
    desk.leave()


def test_another_district_sees_no_forecast(chromium: Browser, flooded: str) -> None:
    desk = Desk(chromium, flooded, "duty_officer.310115")
    desk.go("/assess")

    expect(desk.page.locator(".nothing")).to_contain_text("尚无研判结果")
    desk.leave()


def keys(node: dict[str, Any], path: str = "") -> Iterator[str]:
    """Return the keys of the page's texts, as they would stand on the page where a text is missing."""
    for name, value in node.items():
        if isinstance(value, dict):
            yield from keys(value, f"{path}{name}.")
        else:
            yield path + name


def test_the_map_fits_every_window_in_english(chromium: Browser, flooded: str) -> None:
    desk = Desk(chromium, flooded, f"duty_officer.{DISTRICT}")
    page = desk.page
    page.evaluate("localStorage.setItem('anlan.lang', 'en')")
    desk.go("/assess")
    expect(page.locator(DRAWN)).to_have_count(1, timeout=20_000)
    expect(page.locator("[data-arrival]").first).to_be_visible()
    own = (".flood-layers", ".frame-bar", ".situation-side > .ant-segmented", ".arrival-note")
    words = " ".join(page.locator(place).first.inner_text() for place in own)
    shown = page.locator(".flood").inner_text()
    page.locator("[data-arrival]").first.click()

    assert not HAN.search(words)
    assert [key for key in keys(json.loads(TEXTS.read_text(encoding="utf-8"))) if key in shown] == []
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        expect(page.locator(".place-card")).to_be_in_viewport(ratio=1)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        box, bar = (page.locator(place).bounding_box() for place in (".situation-map", ".frame-bar"))
        assert box is not None
        assert bar is not None
        assert box["x"] <= bar["x"]
        assert bar["x"] + bar["width"] <= box["x"] + box["width"]
    desk.leave()
