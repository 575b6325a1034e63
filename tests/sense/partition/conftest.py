"""A NATS server of one's own, with JetStream."""

from collections.abc import Iterator

import pytest

from sense.doors.servers import nats_server


@pytest.fixture(scope="module")
def nats(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a real server that this module alone uses."""
    server = nats_server(tmp_path_factory.mktemp("nats"))
    server.start()
    yield f"nats://127.0.0.1:{server.port}"
    server.stop()
