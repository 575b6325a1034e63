"""JSON schemas as short words for a table: ``text``, ``list of AreaCode``, ``red, orange, yellow or blue``."""

from collections.abc import Iterator, Mapping
from typing import Any

from pages.markdown import codes, table

Schema = Mapping[str, Any]

_WORDS = {"string": "text", "integer": "whole number", "number": "number", "boolean": "true or false", "null": "null"}
_FORMATS = {"date-time": "moment (ISO 8601 with zone)", "date": "date", "password": "secret text"}
_AREA = r"^\d{6}(\d{3}(\d{3})?)?$"
_BOUNDS = {
    "minLength": "at least {} characters",
    "maxLength": "at most {} characters",
    "minItems": "at least {}",
    "maxItems": "at most {}",
    "minimum": "≥ {}",
    "maximum": "≤ {}",
    "exclusiveMinimum": "> {}",
    "exclusiveMaximum": "< {}",
}


def arguments(schema: Schema) -> str:
    """Return the table of a verb's arguments, nested objects after it."""
    shown = table(("argument", "type", "", "says"), _rows(schema))
    for name, inner in schema.get("$defs", {}).items():
        if inner.get("type") == "object":
            shown += f"\n`{name}`:\n\n" + table(("field", "type", "", "says"), _rows(inner))
    return shown or "No arguments.\n"


def _rows(schema: Schema) -> Iterator[tuple[str, str, str, str]]:
    needed = schema.get("required", ())
    for name, field in schema.get("properties", {}).items():
        default = "required" if name in needed else _default(field.get("default"))
        yield f"`{name}`", kind(field), default, _says(field)


def _default(value: Any) -> str:
    if value is None or value == "" or value in ([], {}):
        return "optional"
    return f"default `{value}`"


def _says(field: Schema) -> str:
    bounds = [words.format(field[key]) for key, words in _BOUNDS.items() if key in field]
    if "pattern" in field and field["pattern"] != _AREA:
        bounds.append(f"pattern `{field['pattern']}`")
    return "; ".join(filter(None, [field.get("description", ""), *bounds]))


def kind(schema: Schema) -> str:
    """Return a schema's type in a few words."""
    if "$ref" in schema:
        return f"`{schema['$ref'].split('/')[-1]}`"
    if "enum" in schema:
        return codes(schema["enum"])
    if "const" in schema:
        return f"`{schema['const']}`"
    if "anyOf" in schema:
        return " or ".join(dict.fromkeys(kind(one) for one in schema["anyOf"] if one.get("type") != "null")) or "null"
    if schema.get("type") == "array":
        return _array(schema)
    if schema.get("type") == "object":
        inner = schema.get("additionalProperties")
        return f"object of {kind(inner)}" if isinstance(inner, Mapping) and inner else "object"
    if schema.get("pattern") == _AREA:
        return "area code"
    return _FORMATS.get(str(schema.get("format")), _WORDS.get(str(schema.get("type")), "any"))


def _array(schema: Schema) -> str:
    if "prefixItems" in schema:
        return "[" + ", ".join(kind(item) for item in schema["prefixItems"]) + "]"
    return f"list of {kind(schema.get('items', {}))}"
