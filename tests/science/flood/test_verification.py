"""The table in the documents is what the tests measured."""

import pytest

from science.flood.verification import HEADS, Row, page, record, rows, with_table


@pytest.mark.parametrize("language", HEADS)
def test_the_documents_show_the_kept_rows(language: str) -> None:
    text = page(language).read_text(encoding="utf-8")

    assert text == with_table(text, language), "run the tests of tests/science/flood with ANLAN_WRITE_VERIFICATION=1"


def test_every_kept_row_holds_its_tolerance() -> None:
    assert rows()
    for row in rows():
        assert row.error is None or (row.tolerance is not None and abs(row.error) <= row.tolerance), row


def test_a_row_beyond_its_tolerance_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ANLAN_WRITE_VERIFICATION", raising=False)
    row = Row("case", "inertial", "source", "depth", 0.2, 0.1, "m")

    with pytest.raises(AssertionError, match="depth"):
        record(row)


@pytest.mark.parametrize("error", [float("nan"), float("inf")])
def test_an_error_that_is_no_number_fails(error: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ANLAN_WRITE_VERIFICATION", raising=False)

    with pytest.raises(AssertionError):
        record(Row("case", "inertial", "source", "depth", error, 0.1, "m"))
