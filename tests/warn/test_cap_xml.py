"""CAP 1.2 XML: what is written satisfies the OASIS schema and reads back as the same value."""

from datetime import UTC, datetime, timedelta, timezone
from importlib import resources
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from anlan.kernel.errors import Invalid
from anlan.warn import cap
from anlan.warn.cap_read import parse
from anlan.warn.cap_schema import NAMESPACE
from anlan.warn.cap_xml import write

SCHEMA = etree.XMLSchema(etree.parse(str(resources.files("anlan.warn") / "schema" / "CAP-v1.2.xsd")))

EARLIEST, LATEST = datetime(1900, 1, 2), datetime(2200, 1, 1)  # noqa: DTZ001  # Hypothesis adds the zone

texts = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"], include_characters="\n\t"), max_size=12
)
identifiers = st.text(
    st.characters(codec="ascii", exclude_characters=",<&", categories=["L", "N", "P"]), min_size=1, max_size=9
)
items = st.text(
    st.characters(codec="ascii", exclude_characters='"', categories=["L", "N", "P", "Zs"]), min_size=1, max_size=9
)
zones = st.integers(-14 * 60, 14 * 60).map(lambda m: timezone(timedelta(minutes=m)))
moments = st.datetimes(EARLIEST, LATEST, timezones=zones).map(lambda t: t.replace(microsecond=0))
uris = st.from_regex(r"\Ahttps://[a-z]{1,5}\.example/[a-z0-9]{0,5}\Z")
points = st.tuples(st.floats(-90, 90), st.floats(-180, 180))
named = st.builds(cap.Named, texts, texts)


def tuples(of: st.SearchStrategy, least: int = 0) -> st.SearchStrategy:
    return st.lists(of, min_size=least, max_size=2).map(tuple)


def word(of: object) -> st.SearchStrategy:
    return st.sampled_from(get_args(of))


def maybe(of: st.SearchStrategy) -> st.SearchStrategy:
    return st.none() | of


polygons = st.lists(points, min_size=3, max_size=5).map(lambda ring: cap.Polygon((*ring, ring[0])))
circles = st.builds(cap.Circle, points, st.floats(0, 1e6))
heights = maybe(st.tuples(st.floats(-1e5, 1e5), maybe(st.floats(-1e5, 1e5))))
areas = st.builds(
    lambda height, **rest: cap.Area(altitude_ft=height and height[0], ceiling_ft=height and height[1], **rest),
    height=heights.map(lambda h: h or None),
    area_desc=texts,
    polygons=tuples(polygons),
    circles=tuples(circles),
    geocodes=tuples(named),
)
resources_ = st.builds(
    cap.Resource, texts, texts, maybe(st.integers(0, 10**12)), maybe(uris), maybe(texts), maybe(texts)
)
infos = st.builds(
    cap.Info,
    categories=tuples(word(cap.Category), least=1),
    event=texts,
    urgency=word(cap.Urgency),
    severity=word(cap.Severity),
    certainty=word(cap.Certainty),
    language=maybe(st.sampled_from(["zh-CN", "en-US", "fr"])),
    response_types=tuples(word(cap.ResponseType)),
    audience=maybe(texts),
    event_codes=tuples(named),
    effective=maybe(moments),
    onset=maybe(moments),
    expires=maybe(moments),
    sender_name=maybe(texts),
    headline=maybe(texts),
    description=maybe(texts),
    instruction=maybe(texts),
    web=maybe(uris),
    contact=maybe(texts),
    parameters=tuples(named),
    resources=tuples(resources_),
    areas=tuples(areas),
)
references = tuples(st.builds(cap.Reference, identifiers, identifiers, moments), least=1)
alerts = st.builds(
    lambda restriction, **rest: cap.Alert(
        scope="Public" if restriction is None else "Restricted", restriction=restriction, **rest
    ),
    restriction=maybe(texts),
    identifier=identifiers,
    sender=identifiers,
    sent=moments,
    status=word(cap.Status),
    msg_type=word(cap.MsgType),
    source=maybe(texts),
    addresses=tuples(items),
    codes=tuples(texts),
    note=maybe(texts),
    references=references,
    incidents=tuples(items),
    infos=tuples(infos),
)


@settings(max_examples=60, deadline=None)
@given(alerts)
def test_what_is_written_satisfies_the_schema_and_reads_back_the_same(alert: cap.Alert) -> None:
    xml = write(alert)

    assert SCHEMA.validate(etree.fromstring(xml)), SCHEMA.error_log
    assert parse(xml) == alert


# The standard's own example, appendix A.1 of the OASIS document (shortened to what a reader must see).
EXAMPLE = b"""<?xml version="1.0" encoding="UTF-8"?>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
  <identifier>43b080713727</identifier>
  <sender>hsas@dhs.gov</sender>
  <sent>2003-04-02T14:39:01-05:00</sent>
  <status>Actual</status>
  <msgType>Alert</msgType>
  <scope>Public</scope>
  <info>
    <category>Security</category>
    <event>Homeland Security Advisory System Update</event>
    <urgency>Immediate</urgency>
    <severity>Severe</severity>
    <certainty>Likely</certainty>
    <senderName>U.S. Government, Department of Homeland Security</senderName>
    <headline>Homeland Security Sets Code ORANGE</headline>
    <parameter><valueName>HSAS</valueName><value>ORANGE</value></parameter>
    <resource><resourceDesc>Image file (GIF)</resourceDesc><mimeType>image/gif</mimeType>
      <uri>http://www.dhs.gov/dhspublic/getAdvisoryImage</uri></resource>
    <area><areaDesc>U.S. nationwide and interests worldwide</areaDesc></area>
  </info>
</alert>"""


def test_the_example_of_the_standard_is_read() -> None:
    alert = parse(EXAMPLE)

    assert alert.sent == datetime(2003, 4, 2, 19, 39, 1, tzinfo=UTC)
    (info,) = alert.infos
    assert (info.severity, info.parameters) == ("Severe", (cap.Named("HSAS", "ORANGE"),))
    assert info.areas[0].area_desc == "U.S. nationwide and interests worldwide"


def test_utc_is_written_as_minus_zero_and_never_as_z() -> None:
    alert = cap.Alert("a", "b", datetime(2024, 9, 15, 8, tzinfo=UTC), "Test", "Alert", "Public")

    root = etree.fromstring(write(alert))

    assert root.findtext(f"{{{NAMESPACE}}}sent") == "2024-09-15T08:00:00-00:00"


@pytest.mark.parametrize(
    ("xml", "code"),
    [
        (b"not xml", "cap.unreadable"),
        (b"<!DOCTYPE alert [<!ENTITY a 'x'>]>" + EXAMPLE.split(b"?>", 1)[1], "cap.unreadable"),
        (EXAMPLE.replace(b"Severe<", b"Orange<"), "cap.schema"),
        (EXAMPLE.replace(b"<status>Actual</status>", b""), "cap.schema"),
        (EXAMPLE.replace(b"<msgType>Alert", b"<msgType>Update"), "cap.value"),
        (EXAMPLE.replace(b"43b080713727", b"43b08, 0713727"), "cap.value"),
    ],
)
def test_what_is_no_message_is_refused_with_its_reason(xml: bytes, code: str) -> None:
    with pytest.raises(Invalid) as caught:
        parse(xml)
    assert caught.value.code == code


def test_the_writer_refuses_what_the_schema_refuses() -> None:
    info = cap.Info(("Met",), "flood", "Immediate", "Severe", "Likely", language="not a language")
    with pytest.raises(Invalid) as caught:
        write(cap.Alert("a", "b", datetime(2024, 9, 15, 8, tzinfo=UTC), "Test", "Alert", "Public", infos=(info,)))
    assert caught.value.code == "cap.schema"


@pytest.mark.parametrize(
    "make",
    [
        lambda: cap.Polygon(((31.0, 121.0), (31.1, 121.0), (31.1, 121.1))),
        lambda: cap.Polygon(((31.0, 121.0), (31.1, 121.0), (31.1, 121.1), (31.2, 121.0))),
        lambda: cap.Polygon(((121.0, 31.0), (121.0, 31.1), (121.1, 31.1), (121.0, 31.0))),
        lambda: cap.Circle((31.0, 121.0), -1.0),
        lambda: cap.Area("a", ceiling_ft=10.0),
        lambda: cap.Reference("a b", "c", datetime(2024, 9, 15, tzinfo=UTC)),
        lambda: cap.Alert("a", "b", EARLIEST, "Test", "Alert", "Public"),
        lambda: cap.Alert("a", "b", datetime(2024, 9, 15, tzinfo=UTC), "Test", "Cancel", "Public"),
        lambda: cap.Alert("a", "b", datetime(2024, 9, 15, tzinfo=UTC), "Test", "Alert", "Restricted"),
        lambda: cap.Info((), "flood", "Immediate", "Severe", "Likely"),
    ],
)
def test_what_the_standard_forbids_cannot_be_built(make: object) -> None:
    with pytest.raises(ValueError, match=r".+"):
        make()


def test_colours_and_oasis_words_translate_both_ways() -> None:
    # Colour of the national profile and OASIS word, as public carriers of Chinese warnings pair them.
    for grade, colour, severity in [
        ("red", "Red", "Extreme"),
        ("orange", "Orange", "Severe"),
        ("yellow", "Yellow", "Moderate"),
        ("blue", "Blue", "Minor"),
    ]:
        assert (cap.COLOUR[grade], cap.SEVERITY[grade]) == (colour, severity)
        assert cap.grade_of(colour) == cap.grade_of(severity) == grade
    assert cap.grade_of("Unknown") is None
