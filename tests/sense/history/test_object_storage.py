"""The same files on object storage, behind the programming interface of S3 (Moto's server stands in for it)."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow.fs as pafs
import pytest

from anlan.sense.history.history import History
from anlan.sense.history.retention import Retention
from anlan.sense.history.upkeep import Pace
from sense.history.keeper import HOUR, STEP, T, record
from sense.history.obvious import Obvious

# That of this environment (`pip install "moto[server]>=5.2"`): older ones answer Arrow's uploads with an error.
SERVER = os.environ.get("ANLAN_TEST_MOTO", str(Path(sys.executable).with_name("moto_server")))
pytestmark = pytest.mark.skipif(not Path(SERVER).exists(), reason="no moto_server in this environment")


def free_port() -> int:
    """A port that no outgoing connection is given by the kernel while the server is on its way up."""
    for port in range(20_000 + os.getpid() % 10_000, 32_000):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port
    raise OSError("no port is free")


@pytest.fixture
def bucket() -> Iterator[pafs.FileSystem]:
    port = free_port()
    quiet = subprocess.DEVNULL
    with subprocess.Popen([SERVER, "-H", "127.0.0.1", "-p", str(port)], stdout=quiet, stderr=quiet) as server:
        try:
            deadline = time.monotonic() + 60
            while time.monotonic() < deadline:
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.05)
            system = pafs.S3FileSystem(
                access_key="test",
                secret_key="test",
                region="us-east-1",
                endpoint_override=f"127.0.0.1:{port}",
                scheme="http",
                allow_bucket_creation=True,
            )
            system.create_dir("history")
            yield pafs.SubTreeFileSystem("history", system)
        finally:
            server.terminate()


def test_a_history_in_a_bucket_reads_as_one_in_a_folder(bucket: pafs.FileSystem) -> None:
    pace = Pace(loose_files=2, step_days=2)
    history, model = History(bucket, shards=2, offset_h=8, pace=pace), Obvious()
    for position in range(1, 31):
        batch, late = record(position)
        history.append(batch, late, position)
        model.append(batch, late)
        if position % 5 == 0:
            history.flush(position)
            history.compact(T + position * STEP)
    again = History(bucket)
    assert again.covered == 30
    until = T + 40 * STEP
    for sensor in range(0, 40, 7):
        expected = model.series(sensor, 0, until)
        found = again.series(sensor, 0, until, 10_000)
        assert found.time_us.tolist() == [time for time, _, _ in expected]
        np.testing.assert_array_equal(found.value, [value for _, value, _ in expected])
    totals = {key: sums[5] for key, sums in model.sums(range(40), 0, until, HOUR, 0).items()}
    hours = again.hours(None, 0, until)
    assert (
        dict(zip(zip(hours.sensor.tolist(), hours.begin_us.tolist(), strict=True), hours.rows.tolist(), strict=True))
        == totals
    )
    again.compact(until + 99 * HOUR)
    again.drop(until + 99 * HOUR, [], Retention(rows={"*": 0}, sums={"*": 0}))
    assert sum(len(model.series(sensor, 0, T)) for sensor in range(40)) > 0
    assert len(again.hours(None, 0, T)) == 0
