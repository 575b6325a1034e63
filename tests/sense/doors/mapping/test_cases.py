"""Every payload mapping of the catalog against its cases: a message in, observations out."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from anlan.catalog import Catalog, builtin_layers, load_catalog
from anlan.catalog.schema.mappings import Case, PayloadMapping
from anlan.catalog.units import conversion
from anlan.sense.doors.decode.moments import micros
from anlan.sense.doors.limits import Limits, Unreadable
from anlan.sense.doors.mapping.adapter import Adapter
from anlan.sense.stream.batch import QUALITIES
from sense.doors.telling import told

LIMITS = Limits(message_bytes=100_000, unpacked_bytes=100_000, rows=100, depth=20)
CATALOG: Catalog = load_catalog(*builtin_layers("songjiang"))
RECEIVED_US = (datetime(2026, 7, 1, tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() * 1e6


def cases() -> list[Any]:
    return [
        pytest.param(mapping, case, id=f"{mapping.id}: {case.name}")
        for mapping in CATALOG.payload_mappings.values()
        for case in mapping.cases
    ]


def payload_of(case: Case) -> bytes:
    if case.text is not None:
        return case.text.encode()
    return json.dumps(case.json_).encode() if case.hex is None else bytes.fromhex(case.hex)


def expected(row: tuple[Any, ...]) -> tuple[object, ...]:
    sensor, at, value, *quality = row
    code = "missing" if value is None else (quality or ["good"])[0]
    return (sensor, micros(at), None if value is None else pytest.approx(value), QUALITIES.index(code))


@pytest.mark.parametrize(("mapping", "case"), cases())
def test_a_message_becomes_what_its_case_says(mapping: PayloadMapping, case: Case) -> None:
    received_us = micros(case.received) if case.received else int(RECEIVED_US)
    assert received_us is not None

    rows, refused = read(mapping, case, received_us)

    assert rows == [expected(row) for row in case.rows]
    assert refused == list(case.refused)


def read(mapping: PayloadMapping, case: Case, received_us: int) -> tuple[list[Any], list[tuple[int, str]]]:
    """Return what a case's message tells, and what is refused of it."""
    try:
        rows = Adapter(mapping).rows(payload_of(case), case.topic, received_us, LIMITS)
    except Unreadable as error:
        return [], [(error.refusal.row, error.refusal.rule)]
    return list(told(rows)), [(refusal.row, refusal.rule) for refusal in rows.refused]


@pytest.mark.parametrize("mapping", CATALOG.payload_mappings.values(), ids=lambda mapping: mapping.id)
def test_every_unit_of_a_mapping_is_ucum_and_of_the_kind_of_the_other(mapping: PayloadMapping) -> None:
    for unit, to in mapping.units:
        assert conversion(unit, to).factor > 0
