"""Conversions against values that standards define, and the codes of the catalog that ships."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.catalog import Catalog, builtin_layers, check
from anlan.catalog.units import UnitError, conversion, factor, is_ucum

# Exact by definition: SI brochure (9th ed.) tables 7 and 8; NIST SP 811 (2008) appendix B for the others.
DEFINED = [
    ("mm", "m", 1e-3),
    ("mm/h", "m/s", 1e-3 / 3600),
    ("hPa", "Pa", 100.0),
    ("bar", "MPa", 0.1),
    ("kPa", "MPa", 1e-3),
    ("m[H2O]", "kPa", 9.80665),
    ("mm[Hg]", "Pa", 133.322387415),
    ("[kn_i]", "m/s", 1852 / 3600),
    ("[in_i]", "mm", 25.4),
    ("[ft_i]", "m", 0.3048),
    ("L/min", "m3/h", 0.06),
    ("Gal", "m/s2", 0.01),
    ("deg", "rad", 0.017453292519943295),
    ("[ppm]", "%", 1e-4),
    ("um/m", "10*-6", 1.0),
    ("/min", "Hz", 1 / 60),
    ("{person}/m2", "10*3.{person}/km2", 1000.0),
]


@pytest.mark.parametrize(("source", "target", "expected"), DEFINED)
def test_a_conversion_is_the_one_that_is_defined(source: str, target: str, expected: float) -> None:
    assert factor(source, target) == pytest.approx(expected, rel=1e-12)
    assert factor(target, source) == pytest.approx(1 / expected, rel=1e-12)


@pytest.mark.parametrize(("fahrenheit", "celsius"), [(32.0, 0.0), (212.0, 100.0), (-40.0, -40.0)])
def test_degrees_have_an_offset(fahrenheit: float, celsius: float) -> None:
    found = conversion("[degF]", "Cel")

    assert fahrenheit * found.factor + found.offset == pytest.approx(celsius, abs=1e-9)
    assert conversion("K", "Cel").offset == pytest.approx(-273.15)


def test_a_factor_alone_is_refused_where_there_is_an_offset() -> None:
    with pytest.raises(UnitError, match="offset"):
        factor("K", "Cel")


@pytest.mark.parametrize(
    ("source", "target"), [("m", "s"), ("%{LEL}", "%"), ("{person}/m2", "/m2"), ("dB", "1"), ("m", "metre")]
)
def test_what_is_not_of_one_kind_is_refused(source: str, target: str) -> None:
    with pytest.raises(UnitError):
        conversion(source, target)


@pytest.mark.parametrize("code", ["mtr", "mm/", "%LEL", "℃", "", "m/s/"])
def test_what_is_not_ucum_is_told(code: str) -> None:
    assert not is_ucum(code)


@pytest.mark.parametrize("code", ["1", "%{LEL}", "{person}", "{person}/m2", "10*-6", "m/s2"])
def test_what_is_ucum_is_told(code: str) -> None:
    assert is_ucum(code)


def test_every_unit_of_the_catalog_is_ucum(catalog: Catalog) -> None:
    assert [unit.id for unit in catalog.units.values() if not is_ucum(unit.ucum)] == []


def test_the_unit_of_every_kind_of_instrument_becomes_that_of_its_quantity(catalog: Catalog) -> None:
    for kind in catalog.sensor_kinds.values():
        unit = catalog.units[catalog.quantities[kind.quantity].unit]
        own = unit if kind.unit is None else catalog.units[kind.unit]
        conversion(own.ucum, unit.ucum)


def test_a_code_that_is_not_ucum_is_a_fault_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "own.yaml"
    file.write_text("units:\n  mtr:\n    zh: 米\n    en: metre\n    ucum: mtr\n    sign: m\n", encoding="utf-8")

    (fault,) = check([file], builtin_layers("songjiang"))

    assert (fault.rule, fault.line, fault.key, fault.value) == ("unit.not_ucum", 5, "units.mtr.ucum", "mtr")


UNITS = st.sampled_from([code for source, target, _ in DEFINED[:15] for code in (source, target)])


@given(source=UNITS, target=UNITS, value=st.floats(-1e6, 1e6))
def test_there_and_back_is_where_one_was(source: str, target: str, value: float) -> None:
    try:
        there, back = conversion(source, target), conversion(target, source)
    except UnitError:
        return

    after = (value * there.factor + there.offset) * back.factor + back.offset

    assert after == pytest.approx(value, rel=1e-9, abs=1e-9)
