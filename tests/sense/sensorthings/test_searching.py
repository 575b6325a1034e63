"""Finding observations: whatever way is taken, the answer is that of sorting everything; and little is read."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anlan.kernel.errors import Invalid
from anlan.sense.sensorthings.reading import get
from anlan.sense.sensorthings.sight import Sights
from anlan.sense.sensorthings.view import View
from sense.sensorthings.memory import MORNING_US, MemoryHouse, sensor

Build = Callable[..., MemoryHouse]
Row = tuple[int, int, float, int]


def body_of(house: MemoryHouse, url: str, base: str = "http://anlan") -> Any:
    path, _, query = url.partition("?")
    return get(View.of(house, Sights(), "en", base), path, parse_qsl(query)).body


def all_pages(house: MemoryHouse, url: str) -> list[str]:
    """Return the ids of all pages, following the links."""
    found: list[str] = []
    while url:
        body = body_of(house, url)
        found += [one["@iot.id"] for one in body["value"]]
        url = body.get("@iot.nextLink", "").removeprefix("http://anlan/")
    return found


def told(house: MemoryHouse, rows: list[Row]) -> list[str]:
    return [f"{house.sensors[number]['id']}@{time_us}" for number, time_us, _, _ in rows]


ROWS = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 400), st.integers(0, 5)), max_size=25, unique_by=lambda row: row[:2]
).map(lambda rows: [(n, MORNING_US + at * 3_600_000_000, float(value), 0) for n, at, value in rows])
ORDERS: dict[str, Callable[[Row], Any]] = {
    "": lambda row: (row[0], row[1]),
    "phenomenonTime": lambda row: (row[1], row[0]),
    "phenomenonTime desc": lambda row: (-row[1], row[0]),
    "result desc": lambda row: (-row[2], row[1], row[0]),
    "Datastream/id desc,result": lambda row: (-row[0], row[2], row[1]),
}


@given(
    rows=ROWS,
    order=st.sampled_from(sorted(ORDERS)),
    top=st.integers(1, 7),
    least=st.sampled_from([0, 2]),
    since=st.integers(0, 300),
)
@settings(max_examples=150, deadline=None)
def test_pages_joined_are_everything_sorted(
    build: Build, rows: list[Row], order: str, top: int, least: int, since: int
) -> None:
    house = build([sensor(f"s{n}", "one") for n in range(4)], rows)
    begin = MORNING_US + since * 3_600_000_000
    day, hour = divmod(6 + since, 24)
    text = f"2024-{9 + (14 + day) // 30:02}-{(14 + day) % 30 + 1:02}T{hour:02}:00:00Z" if since < 360 else ""
    condition = f"result ge {least} and phenomenonTime ge {text}"
    url = f"Observations?$top={top}&$filter={condition}" + (f"&$orderby={order}" if order else "")

    expected = sorted((row for row in rows if row[2] >= least and row[1] >= begin), key=ORDERS[order])
    assert all_pages(house, url) == told(house, expected)


@given(rows=ROWS, skip=st.integers(0, 30), order=st.sampled_from(sorted(ORDERS)))
@settings(max_examples=60, deadline=None)
def test_a_count_is_of_everything_on_whatever_page(build: Build, rows: list[Row], skip: int, order: str) -> None:
    house = build([sensor(f"s{n}", "one") for n in range(4)], rows)
    url = f"Observations?$count=true&$top=2&$skip={skip}" + (f"&$orderby={order}" if order else "")

    body = body_of(house, url)
    assert body["@iot.count"] == len(rows)
    if (link := body.get("@iot.nextLink")) is not None:
        assert body_of(house, link.removeprefix("http://anlan/"))["@iot.count"] == len(rows)


@pytest.fixture
def month(build: Build) -> MemoryHouse:
    """A month of hourly values of three sensors, and one that is silent."""
    rows = [(n, MORNING_US + h * 3_600_000_000 + n, float(h), 0) for h in range(24 * 30) for n in range(3)]
    return build([sensor(f"s{n}", f"asset-{n}") for n in range(4)], rows)


def test_the_newest_of_every_datastream_is_given_without_reading_the_history(month: MemoryHouse) -> None:
    body = body_of(month, "Datastreams?$expand=Observations($top=1;$orderby=phenomenonTime desc)")

    assert [[o["result"] for o in one["Observations"]] for one in body["value"]] == [[719.0], [719.0], [719.0], []]
    assert month.reads == 0


def test_the_newest_of_all_are_found_in_one_look(month: MemoryHouse) -> None:
    body = body_of(month, "Observations?$top=2&$orderby=phenomenonTime desc")

    assert [one["@iot.id"].partition("@")[0] for one in body["value"]] == ["s2", "s1"]
    assert month.reads == 1


def test_a_time_in_the_filter_bounds_what_is_read(month: MemoryHouse) -> None:
    body_of(month, "Datastreams('s1')/Observations?$filter=phenomenonTime ge 2024-10-14T00:00:00Z")
    assert month.reads == 2

    month.reads = 0
    body_of(month, "Observations?$filter=Datastream/id eq 's1' and phenomenonTime lt 2024-09-16T00:00:00Z")
    assert month.reads == 1


def test_an_observation_is_found_by_its_id_in_one_look(month: MemoryHouse) -> None:
    body_of(month, f"Observations('s0@{MORNING_US}')")
    body_of(month, f"Observations('s0@{MORNING_US + 719 * 3_600_000_000}')")

    assert month.reads == 1


def test_who_asks_for_too_much_is_told_to_name_less(month: MemoryHouse) -> None:
    view = View.of(month, Sights(), "en", "http://anlan")
    view.budget.most = 100
    with pytest.raises(Invalid) as refused:
        get(view, "Observations", [("$orderby", "result")])

    assert refused.value.code == "sensorthings.too_much"
