import subprocess
import sys

import pytest

from anlan.catalog.expressions import ExpressionError, compiled, evaluate


def test_an_expression_sees_the_names_given() -> None:
    entry = {"data": {"grade": "orange", "towns": [{"area": "310117001", "grade": "red"}]}}

    assert evaluate('entry.data.grade in ["red", "orange"]', {"entry": entry}) is True
    assert evaluate('entry.data.towns.filter(t, t.grade == "red").map(t, t.area)', {"entry": entry}) == ["310117001"]


@pytest.mark.parametrize("expression", ["a +", "", "a ==", "[1, 2"])
def test_what_is_not_cel_is_refused_on_one_line(expression: str) -> None:
    with pytest.raises(ExpressionError) as raised:
        compiled(expression)

    assert "\n" not in str(raised.value)


def test_a_name_that_is_not_given_is_an_error() -> None:
    with pytest.raises(ExpressionError):
        evaluate("nothing.here == 1", {})


def test_the_engine_leaves_the_package_importable() -> None:
    """The extension refuses to be loaded twice; a later ``import cel`` must find the one that is there."""
    script = (
        "from anlan.catalog.expressions import evaluate; assert evaluate('1 + 1', {}) == 2; "
        "import sys; assert 'prompt_toolkit' not in sys.modules; import cel; assert cel.evaluate('1 + 1') == 2"
    )

    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
