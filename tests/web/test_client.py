import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from anlan.api.app import create_app
from anlan.kernel.clock import SimClock
from anlan.root import WorldFile, open_world

DOCUMENT = Path(__file__).parents[2] / "web" / "openapi.json"


@pytest.mark.skipif(not DOCUMENT.exists(), reason="the source of the page is not in this distribution")
def test_the_pages_client_is_made_from_this_servers_document(tmp_path: Path) -> None:
    WorldFile(seed=0, start="2024-09-15T00:00:00+00:00").write(tmp_path)
    world = open_world(tmp_path, clock=SimClock(datetime(2024, 9, 15, tzinfo=UTC)))
    served = create_app(world, pump=False).openapi()
    world.close()
    kept = json.loads(DOCUMENT.read_text(encoding="utf-8"))

    changed = {
        path
        for path in kept["paths"].keys() | served["paths"].keys()
        if kept["paths"].get(path) != served["paths"].get(path)
    }
    assert not changed, "run `anlan openapi > web/openapi.json`, then `npm run check` in web/"
    assert kept["components"] == served["components"], "run `anlan openapi > web/openapi.json`"
