"""The compiled engine against the slow reference: every kind, groups, odd samples, any cut."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anlan.science.rules.conditions import KINDS
from science.rules.streams import busy_groups, cut, fast, fresh, plans, slow, streams, within

CUTS = st.lists(st.integers(0, 60), max_size=5)


@settings(deadline=None, max_examples=200)
@given(plans(), streams(), CUTS)
def test_any_cut_of_the_stream_gives_what_the_slow_reference_gives(told, rows, cuts):
    rows = within(rows, told.n)
    verdicts, findings = fast(*fresh(told), cut(rows, cuts))

    assert verdicts == slow(told, rows)[0]
    assert findings == slow(told, rows)[1]


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_gives_what_the_slow_reference_gives(kind):
    @settings(deadline=None, max_examples=50)
    @given(plans((kind,)), streams())
    def check(told, rows):
        rows = within(rows, told.n)

        assert fast(*fresh(told), [rows]) == slow(told, rows)

    check()


@settings(deadline=None, max_examples=100)
@given(busy_groups(), CUTS)
def test_groups_give_what_the_slow_reference_gives(both, cuts):
    told, rows = both

    assert fast(*fresh(told), cut(rows, cuts)) == slow(told, rows)
