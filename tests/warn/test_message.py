"""A warning as a CAP message: checked against the standard, the catalog and the city's boundaries."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from anlan import root
from anlan.kernel.clock import RealClock
from anlan.kernel.entropy import SeededEntropy
from anlan.kernel.store import Store, metadata
from anlan.warn import queries
from anlan.warn.cap import Polygon
from anlan.warn.cap_read import parse
from anlan.warn.message import identifier
from anlan.warn.shapes import MOST_POINTS, polygons


def test_a_message_says_what_the_office_decided(office: Any) -> None:
    alert = office.cap(office.issued())

    zh, en = alert.infos
    assert [i.language for i in alert.infos] == ["zh-CN", "en-US"]
    assert (zh.event, en.event) == ("内涝", "urban waterlogging")
    assert (zh.severity, zh.urgency, zh.certainty, zh.categories) == ("Severe", "Expected", "Likely", ("Met",))
    assert [(c.value_name, c.value) for c in zh.event_codes] == [("CN:eventType", "11A02")]
    assert [(p.value_name, p.value) for p in zh.parameters] == [("CN:severity", "Orange")]
    assert [a.area_desc for a in zh.areas] == ["岳阳街道", "中山街道"]
    assert [g.value for a in zh.areas for g in a.geocodes] == ["310117001", "310117004"]
    assert alert.sent.isoformat() == "2024-09-15T16:00:00+08:00"
    assert zh.sender_name == "松江区应急管理局"


def test_an_exercise_says_so_everywhere(office: Any) -> None:
    alert = office.cap(office.issued())

    assert (alert.status, alert.scope) == ("Exercise", "Restricted")
    assert "exercise" in (alert.note or "")
    assert alert.infos[0].headline.startswith("【演练】")
    assert alert.infos[1].headline.startswith("[EXERCISE]")


def test_the_real_world_writes_actual_and_public(office: Any, catalog: Any, city: Any, tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    store = Store.at(tmp_path / "real")
    metadata.create_all(store.engine)
    world = root.build_world(
        folder=tmp_path / "real",
        store=store,
        catalog=replace(catalog, reactions={}),
        city=city,
        clock=RealClock(),
        entropy=SeededEntropy(1),
    )
    alert_of = type(office)(world)
    facts = alert_of.orange()["facts"] | {"valid_from": None}
    alert = alert_of.cap(alert_of.issued(facts=facts))
    world.close()

    assert (alert.status, alert.scope, alert.restriction, alert.note) == ("Actual", "Public", None, None)
    assert not alert.infos[0].headline.startswith("【")


def test_no_path_writes_actual_in_a_simulated_world(office: Any) -> None:
    first = office.issued()
    second = office.act(office.li, "update", first, grade="blue").subject
    office.steps(second, "submit", "approve", "issue", by=office.li, second=office.zhao)
    office.act(office.li, "cancel", second, reason="x")
    office.issued(areas=["310117"], grade="blue")

    with office.world.read(office.public, "issued_warning") as reader:
        kept = queries.messages(reader)
        stored = [parse(queries.cap_message(reader, m.warning, m.identifier)).status for m in kept]
    assert len(kept) == 4
    assert {m.status for m in kept} | set(stored) == {"Exercise"}


def ring(polygon: Polygon) -> shapely.Polygon:
    return shapely.Polygon([(lon, lat) for lat, lon in polygon.points])


@pytest.mark.parametrize("code", ["310117001", "310117", "310151", "310000"])
def test_polygons_cover_the_area_with_few_points_and_little_more(city: Any, code: str) -> None:
    boundary = city.area(code).geometry
    shapes = polygons(boundary)
    covered = shapely.union_all([ring(p) for p in shapes])

    assert all(len(p.points) <= MOST_POINTS for p in shapes)
    assert shapely.difference(boundary, covered).area <= 1e-9 * boundary.area
    assert covered.area < 1.2 * boundary.area


def test_every_area_of_the_city_has_polygons(city: Any) -> None:
    towns = [a.geometry for a in city.areas if a.geometry is not None]
    assert len(towns) > 200
    for boundary in towns[::7]:
        assert polygons(boundary)


@settings(max_examples=50)
@given(st.lists(st.tuples(*[st.text(max_size=5)] * 2), min_size=2, max_size=2, unique=True))
def test_identifiers_are_stable_uuids_under_the_arc_that_is_everybodys(names: list[tuple[str, str]]) -> None:
    sent = datetime(2024, 9, 15, tzinfo=UTC)
    made = [identifier("a@b", warning, kind, "Actual", sent) for warning, kind in names]

    assert made == [identifier("a@b", warning, kind, "Actual", sent) for warning, kind in names]
    for one in made:
        number = UUID(int=int(one.removeprefix("urn:oid:2.25.")))
        assert (number.version, number.variant) == (8, "specified in RFC 4122")
