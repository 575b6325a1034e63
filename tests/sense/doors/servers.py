"""Real servers of one's own for tests: a broker, a NATS server, and a wire that can be cut."""

import shutil
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

_PATIENCE_S = 20.0


def free_port() -> int:
    """Return a port below those that the system hands out to clients."""
    for port in range(20_000 + hash(time.perf_counter_ns()) % 10_000, 32_000):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise AssertionError("no port is free")


def until(condition: Callable[[], bool], patience_s: float = _PATIENCE_S) -> None:
    """Wait until something holds."""
    deadline = time.monotonic() + patience_s
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.01)


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@dataclass
class Server:
    """A program that listens on a port."""

    command: list[str]
    port: int
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.process = subprocess.Popen(self.command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until(lambda: answers(self.port))

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        if self.process is not None:
            self.process.send_signal(how)
            self.process.wait(_PATIENCE_S)
            self.process = None


def broker(folder: Path, *lines: str, port: int | None = None) -> Server:
    """Return a Mosquitto with its own folder, not yet started."""
    program = shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin")
    if program is None:
        pytest.skip("no mosquitto on this machine")
    port = port or free_port()
    folder.mkdir(exist_ok=True)
    own = lines or (
        f"listener {port} 127.0.0.1",
        "allow_anonymous true",
        "persistence true",
        f"persistence_location {folder}/",
        "max_inflight_messages 0",
        "max_queued_messages 0",
    )
    config = folder / "mosquitto.conf"
    config.write_text("\n".join([*own, "user root", ""]), encoding="utf-8")
    return Server([program, "-c", str(config)], port)


def nats_server(folder: Path) -> Server:
    """Return a NATS server with JetStream in its own folder, not yet started."""
    program = shutil.which("nats-server")
    if program is None:
        pytest.skip("no nats-server on this machine")
    port = free_port()
    return Server([program, "-a", "127.0.0.1", "-p", str(port), "-js", "-sd", str(folder)], port)


@dataclass
class Wire:
    """Passes bytes on between a port of its own and a server's, until it is cut."""

    to_port: int
    port: int = field(default_factory=free_port)
    cuts: int = 0
    _open: list[socket.socket] = field(default_factory=list)

    def start(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listening.accept()
                try:
                    far = socket.create_connection(("127.0.0.1", self.to_port))
                except OSError:
                    near.close()
                    continue
                self._open += [near, far]
                for source, sink in ((near, far), (far, near)):
                    threading.Thread(target=_pass_on, args=(source, sink), daemon=True).start()

    def cut(self) -> None:
        """Break every connection, without a word to either side."""
        self.cuts += 1
        some, self._open = self._open, []
        for end in some:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def close(self) -> None:
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self.cut()


def _pass_on(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65_536):
            sink.sendall(data)
    for end in (source, sink):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
