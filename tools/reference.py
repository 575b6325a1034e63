"""Write the generated pages of ``docs/``: ``python tools/reference.py [--check]``.

With ``--check`` nothing is written; the exit status tells whether the pages are what the code gives.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from pages import cli, data, errors, glossary, http, models, policy, subjects, verbs

from anlan.catalog.catalog import builtin_layers, load_catalog

DOCS = Path(__file__).parents[1] / "docs"


def pages() -> dict[str, str]:
    """Return every generated page by its path under ``docs``."""
    catalog = load_catalog(*builtin_layers("songjiang"))
    return {
        "reference/verbs.md": verbs.write(catalog),
        "reference/codes.md": errors.write(),
        "reference/settings.md": policy.settings(catalog),
        "reference/roles.md": policy.roles(catalog),
        "reference/sensor-rules.md": policy.sensor_rules(catalog),
        "reference/reactions.md": policy.reactions(catalog),
        "reference/plans.md": policy.plans(catalog),
        "reference/event-types.md": policy.event_types(catalog),
        "reference/catalog.md": subjects.write(catalog),
        "reference/models.md": models.write(),
        "reference/http.md": http.write(),
        "reference/cli.md": cli.write(),
        "data.md": data.write(),
        "glossary.md": glossary.write(catalog),
    }


def main() -> int:
    """Write the pages that changed, or with ``--check`` name them."""
    check = "--check" in sys.argv[1:]
    changed = 0
    for name, text in pages().items():
        path = DOCS / name
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        changed += 1
        print(f"{'differs' if check else 'written'}: docs/{name}")
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    return 1 if check and changed else 0


if __name__ == "__main__":
    sys.exit(main())
