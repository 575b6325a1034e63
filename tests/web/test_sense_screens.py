"""The screens of the room sense in a real browser: a duty officer looks, filters, acts and tries."""

import base64
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import httpx2
import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from tests.web.test_browser import Desk, chromium, night

from anlan.demo.founding import password
from anlan.web.pages import INDEX, STATIC

__all__ = ["chromium", "night"]  # fixtures of the night in a browser

pytestmark = [
    pytest.mark.needs("chromium"),
    pytest.mark.skipif(not (STATIC / INDEX).is_file(), reason="the page is not built"),
]

OFFICER = "duty_officer.310000"
GUST, GUSTS = "阵风", "阵风风速"
"""A rule, and the kind of sensor that it watches."""

YELLOW = (0xE0, 0xB4, 0x00)
"""``--raw-yellow`` of the page by day: a sensor in yellow alarm on the map, a yellow level in a chart."""

SCREENS = {
    "": ".kind",
    "/alarms": "[data-alarm]",
    "/rules": "[data-rule]",
    "/ingest": "[data-letter]",
    "/alarm-system": "[data-indicator]",
    "/vital-signs": "[data-sign]",
    "/catalogue": ".ant-table-row",
    "/coverage": "[data-town]",
}
"""Addresses of the room, and what each shows once it has been read."""

HAN = re.compile(r"[\u4e00-\u9fff]")
KEY = re.compile(r"\b(?:sense|alarm|rule|ingest|refusal|system|vitals|catalogue|coverage|hazard)\.[a-z]\w*")

PIXELS = """async ([picture, [r, g, b]]) => {
  const bytes = Uint8Array.from(atob(picture), (sign) => sign.charCodeAt(0));
  const image = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
  const canvas = new OffscreenCanvas(image.width, image.height).getContext("2d");
  canvas.drawImage(image, 0, 0);
  const { data } = canvas.getImageData(0, 0, image.width, image.height);
  const found = [];
  for (let i = 0; i < data.length; i += 4)
    if (Math.abs(data[i] - r) + Math.abs(data[i + 1] - g) + Math.abs(data[i + 2] - b) < 12)
      found.push([(i / 4) % image.width, Math.floor(i / 4 / image.width)]);
  return found;
}"""
TRIES = 60
A_LINE = 50
"""Yellow pixels that only a line through the chart has."""


def yellow(part: Locator) -> list[list[int]]:
    """Return where a part of the page shows yellow, as [x, y] within it."""
    picture = base64.b64encode(part.screenshot()).decode()
    found: list[list[int]] = part.page.evaluate(PIXELS, [picture, list(YELLOW)])
    return found


def once(part: Locator, enough: Callable[[list[list[int]]], bool]) -> list[list[int]]:
    """Look at a part until it shows yellow as is asked, for a drawing tells nobody when it is ready."""
    for _ in range(TRIES):
        found = yellow(part)
        if enough(found):
            return found
    pytest.fail(f"after {TRIES} looks there are {len(found)} yellow pixels")


@pytest.fixture(scope="module")
def fed(night: str) -> str:
    """The night with a gateway that has sent what can be taken, and what cannot."""
    with httpx2.Client(base_url=night) as boss:
        boss.post("/api/v1/session", json={"user": "administrator.310000", "password": password()})

        def act(verb: str, **args: object) -> dict[str, Any]:
            answer = boss.post(f"/api/v1/actions/{verb}", json=args)
            assert answer.status_code == 200, answer.text
            told: dict[str, Any] = answer.json()
            return told

        act("user.create", user="gateway-7", name="松江排水网关", area="310117")
        act("user.grant", user="gateway-7", role="instrument", area="310117")
        act("source.register", id="gateway-7", user="gateway-7", area="310117", quota_per_s=5000)
        token = act("token.issue", user="gateway-7", label="网关", days=30)["secret"]["token"]
        now = boss.get("/api/v1/clock").json()["now"]
    rows = [["underpass-310117001-1:ponding_depth", now, 0.18], ["no-such-sensor", now, 0.18]]
    with httpx2.Client(base_url=night, headers={"Authorization": f"Bearer {token}"}) as gateway:
        for body in (json.dumps(rows), '{"sensor": cut off'):
            gateway.post("/api/v1/sense/observations", content=body, headers={"Content-Type": "application/json"})
    return night


@pytest.fixture(scope="module")
def officer(chromium: Browser, fed: str) -> Iterator[Desk]:
    desk = Desk(chromium, fed, OFFICER)
    yield desk
    desk.leave()


def pick(page: Page, select: Locator, name: str) -> None:
    """Choose an entry of a list by its name."""
    select.click()
    page.keyboard.type(name)
    page.locator(".ant-select-item-option", has_text=re.compile(f"^{name}$")).click()


def test_a_sensor_is_found_on_the_map_by_its_kind_and_its_page_draws_the_levels(officer: Desk) -> None:
    page = officer.page
    officer.go("/sense")
    expect(page.locator(".map-frame[data-ready='yes']")).to_have_count(1, timeout=20_000)
    everything = int(page.locator("[data-shown]").get_attribute("data-shown") or 0)

    kind = page.locator(".kind", has_text=GUSTS)
    kind.click()
    expect(kind).to_have_attribute("aria-pressed", "true")
    total = kind.locator(".kind-total").inner_text()
    expect(page.locator("[data-shown]")).to_have_attribute("data-shown", total)
    assert 0 < int(total) < everything
    land = page.locator(".map")
    x, y = once(land, bool)[0]
    land.click(position={"x": x, "y": y})
    page.locator(".point-list button").or_(page.locator(".sensor-head")).first.wait_for()
    if page.locator(".point-list").count():
        page.locator(".point-list button").first.click()

    expect(page.locator(".sensor-head h1")).to_contain_text(GUSTS)
    expect(page.locator(".rule-item, .rows").get_by_text(GUST).first).to_be_visible()
    chart = page.get_by_role("img", name="读数曲线")
    once(chart, lambda found: len(found) > A_LINE)
    page.get_by_role("checkbox", name="规则线").uncheck()
    expect(page.get_by_role("checkbox", name="规则线")).not_to_be_checked()
    once(chart, lambda found: len(found) < A_LINE)


def test_the_desk_is_filtered_and_an_alarm_is_acknowledged(officer: Desk) -> None:
    page = officer.page
    officer.go("/sense/alarms")
    table = page.locator(".desk-table[data-rows]")
    expect(table.locator("[data-alarm]").first).to_be_visible()
    unfiltered = int(table.get_attribute("data-rows") or 0)

    pick(page, page.locator(".desk-select", has_text="全部规则"), GUST)
    expect(table.locator("[data-alarm]", has_not_text=GUSTS)).to_have_count(0)
    assert 0 < int(table.get_attribute("data-rows") or 0) < unfiltered
    row = table.locator("[data-alarm]").first
    alarm = row.get_attribute("data-alarm")
    row.click()
    pane = page.locator(f".desk-pane [data-alarm-detail='{alarm}']")
    expect(pane.locator(".object-head .state")).to_have_text("未确认")
    waiting = page.get_by_text(re.compile(r"^待确认 \d+$"))
    before = int(waiting.inner_text().split()[1])
    pane.locator("[data-verb='alarm.acknowledge']").click()
    page.locator(".act-confirm").click()

    expect(pane.locator(".object-head .state")).to_have_text("已确认")
    expect(pane.locator(".steps li").filter(has_text="确认")).not_to_have_count(0)
    expect(waiting).to_have_text(f"待确认 {before - 1}")
    expect(table.locator(f"[data-alarm='{alarm}'] .state")).to_have_text("已确认")


def test_a_rule_is_tried_on_history_and_gives_the_alarms_that_it_gave(officer: Desk) -> None:
    page = officer.page
    officer.go("/sense/rules")
    page.get_by_placeholder("规则名称或编号").fill("wind_gust")
    page.locator("[data-rule='wind_gust']").click()
    expect(page.locator(".rule-sentence")).to_contain_text("阵风")

    page.get_by_role("button", name="修改为新提议").click()
    page.get_by_text("24小时", exact=True).click()
    page.locator(".try-start").click()
    said = page.locator(".try-sentence")
    expect(said).to_be_visible(timeout=20_000)
    asked = "rule=wind_gust&since=2024-09-14T00:00:00Z&limit=5000"
    opened = len(page.request.get(f"{officer.base}/api/v1/sense/alarms?{asked}").json()["items"])
    assert opened > 0
    expect(said).to_have_attribute("data-count", str(opened))
    expect(said).to_contain_text(f"会产生 {opened} 条报警")

    for level in page.locator(".levels-form input[aria-label$='色']").all():
        if value := level.input_value():
            level.fill(str(10 * float(value)))
    page.locator(".try-start").click()
    expect(said).to_have_attribute("data-count", "0")
    expect(page.locator(".try-note").last).to_contain_text(f"现行规则：{opened} 条")


def test_a_dead_letter_says_why_and_a_mapping_is_tried(officer: Desk) -> None:
    page = officer.page
    officer.go("/sense/ingest")
    expect(page.locator("[data-source='gateway-7']")).to_contain_text("正常")
    expect(page.locator("[data-source='gateway-7']")).to_contain_text("传感器未登记")

    letter = page.locator("[data-letter]").filter(has_text="传感器未登记")
    letter.click()
    whole = page.locator(".letter")
    expect(whole.locator(".refusals")).to_contain_text("observation.sensor")
    expect(whole.locator(".json")).to_contain_text("no-such-sensor")

    page.locator(".mapping-try").click()
    tried = page.locator("[data-rows]")
    expect(tried).to_be_visible()
    assert int(tried.get_attribute("data-rows") or 0) > 0
    page.get_by_label("消息内容", exact=True).fill("not what the device sends")
    page.locator(".mapping-try").click()
    expect(page.locator(".mapping-bench").get_by_text("message.json")).to_be_visible()


def test_the_alarm_systems_figures_stand_beside_their_targets(officer: Desk) -> None:
    page = officer.page
    officer.go("/sense/alarm-system")

    peak = page.locator("[data-indicator='peak_10min']")
    expect(peak.locator(".verdict-mark")).to_have_text("未达标")
    expect(peak).to_contain_text("目标 10")
    expect(page.get_by_role("img", name="报警频次")).to_be_visible()
    expect(page.locator(".panel", has_text="最频繁的报警").locator("li a").first).to_be_visible()


def test_vital_signs_open_from_the_gravest_and_go_down_to_an_area(officer: Desk) -> None:
    page = officer.page
    officer.go("/sense/vital-signs")
    chosen = page.locator(".sign-chosen")
    expect(chosen).to_have_count(1)
    shown = page.locator(".vitals-page .chips .grade").first.get_attribute("class") or ""
    expect(chosen).to_have_class(re.compile("sign-" + shown.split("grade-")[1].split()[0]))

    gust = page.locator("[data-sign]", has_text="最大阵风")
    gust.click()
    expect(page.locator(".sign-detail h3")).to_have_text("最大阵风")
    below = page.locator(".sign-detail button.row").first
    name = below.locator(".row-main").inner_text()
    below.click()
    expect(page).to_have_url(re.compile(r"area=3101\d\d"))
    expect(page.locator(".vitals-page .screen-head .ant-select")).to_contain_text(name)


def test_coverage_begins_with_a_hazard_that_is_watched(officer: Desk) -> None:
    page = officer.page
    officer.go("/sense/coverage")
    expect(page.locator(".map-frame[data-ready='yes']")).to_have_count(1, timeout=20_000)

    covered = page.locator(".figure", has_text="覆盖人口").locator(".figure-value")
    expect(covered).not_to_have_text("0%")
    expect(page.locator("[data-town]").first.locator("td").nth(1)).not_to_have_text("0 / 0")


def test_english_is_complete_on_every_screen(chromium: Browser, fed: str) -> None:
    officer = Desk(chromium, fed, OFFICER)
    page = officer.page
    officer.go("/sense/alarms")
    page.get_by_label("切换到英文").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    more = {"/rules/ponding": ".rule-sentence", "/sensors/underpass-310117001-1:ponding_depth": ".sensor-head h1"}
    left = {}
    for screen, shown in {**SCREENS, **more}.items():
        if screen in SCREENS:
            page.locator(f".sense-tab[href='/sense{screen}']").click()
        else:
            officer.go(f"/sense{screen}")
        expect(page.locator(shown).first).to_be_visible()
        expect(page.locator(".ant-spin-spinning")).to_have_count(0)
        text = page.locator(".sense").inner_text()
        left[screen] = HAN.findall(text) + KEY.findall(text)

    assert not any(left.values()), left
    officer.leave()


def test_a_phone_shows_every_screen_within_its_width_and_says_which_it_is(chromium: Browser, fed: str) -> None:
    desk = Desk(chromium, fed, OFFICER, width=390, height=844)
    widths = {}
    for screen, shown in SCREENS.items():
        desk.go(f"/sense{screen}")
        expect(desk.page.locator(shown).first).to_be_visible()
        expect(desk.page.locator(".sense-tab.active")).to_be_in_viewport(ratio=0.9)
        widths[screen] = desk.page.evaluate("document.documentElement.scrollWidth")

    assert max(widths.values()) <= 390, widths
    desk.leave()
