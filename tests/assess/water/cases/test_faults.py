"""Every rule that a fault or a note can name has a sentence in both languages, and none stands there unused."""

import re
from pathlib import Path

from anlan.assess.water import cases
from anlan.catalog.texts import texts

SOURCES = "\n".join(path.read_text(encoding="utf-8") for path in Path(cases.__file__).parent.glob("*.py"))
SAID = re.compile(
    r"""(?:refused|fault)\(\s*"([a-z_.]+)"|note\(\s*[^,]*,\s*"([a-z_.]+)"|faulty\(\s*"flood\.([a-z_.]+)\""""
)
CHOSEN = {"variable.unknown", "file.unreadable", "one_of", "one_needed"}  # named in a variable before they are said


def test_every_rule_has_a_sentence_and_every_sentence_a_rule() -> None:
    said = {next(filter(None, match)) for match in SAID.findall(SOURCES)} | CHOSEN

    for lang in ("zh", "en"):
        known = {code.removeprefix("flood.fault.") for code in texts(lang) if code.startswith("flood.fault.")}
        general = {code.removeprefix("catalog.fault.") for code in texts(lang) if code.startswith("catalog.fault.")}
        assert said - known - general == set()
        assert known - said == set()
