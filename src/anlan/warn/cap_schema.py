"""The OASIS schema of CAP 1.2, and an XML parser that fetches nothing and expands nothing."""

from functools import cache
from importlib import resources
from typing import Any, cast

from lxml import etree

from anlan.kernel.errors import Invalid

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
TAG = f"{{{NAMESPACE}}}"


def parser() -> etree.XMLParser:
    """Return a parser for messages from anywhere."""
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)


@cache
def _schema() -> etree.XMLSchema:
    with resources.as_file(resources.files("anlan.warn") / "schema" / "CAP-v1.2.xsd") as path:
        return etree.XMLSchema(etree.parse(path))


def check(root: etree._Element) -> None:
    """Refuse a message that the schema refuses.

    Raises
    ------
    Invalid
        ``cap.schema`` with line and reason.
    """
    schema = _schema()
    if not schema.validate(root):
        fault = cast("Any", schema.error_log)[0]
        raise Invalid("cap.schema", params={"line": fault.line, "reason": fault.message})
