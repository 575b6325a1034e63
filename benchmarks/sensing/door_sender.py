"""The other process of the doors' measurements: sends one payload again and again, as its command line says."""

import asyncio
import http.client
import json
import sys
import threading
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

_CONNECTIONS = 4


def by_mqtt(asked: dict[str, Any], payload: bytes) -> None:
    """Publish to a broker and wait until it has acknowledged everything."""
    import paho.mqtt.client as paho
    from paho.mqtt.enums import CallbackAPIVersion

    client = paho.Client(CallbackAPIVersion.VERSION2, protocol=paho.MQTTv311)
    client.max_inflight_messages_set(1000)
    client.max_queued_messages_set(0)
    client.connect("127.0.0.1", int(asked["address"]))
    client.loop_start()
    qos, sent = int(asked["qos"]), None
    for _ in range(asked["messages"]):
        sent = client.publish(asked["topic"], payload, qos)
    # One more at QoS 1: the broker has everything that came before it.
    client.publish("bench/end", b"", 1).wait_for_publish(300)
    if sent is not None:
        sent.wait_for_publish(300)
    client.disconnect()
    client.loop_stop()


def by_nats(asked: dict[str, Any], payload: bytes) -> None:
    """Publish into a stream of its own."""
    import nats

    async def sending() -> None:
        connection = await nats.connect(f"nats://127.0.0.1:{asked['address']}")
        stream = connection.jetstream()
        await stream.add_stream(name=asked["stream"], subjects=[asked["topic"]])
        for begin in range(0, asked["messages"], 100):
            several = range(min(100, asked["messages"] - begin))
            await asyncio.gather(*(stream.publish(asked["topic"], payload) for _ in several))
        await connection.close()

    asyncio.run(sending())


def by_http(asked: dict[str, Any], payload: bytes) -> None:
    """Send requests over four connections, on each the next when the one before is answered."""
    url = urlsplit(asked["address"])
    headers = {"Content-Type": asked["media"], "Authorization": f"Bearer {asked['token']}"}

    def sending() -> None:
        connection = http.client.HTTPConnection(url.netloc)
        for _ in range(asked["messages"] // _CONNECTIONS):
            connection.request("POST", f"{url.path}?{url.query}", payload, headers)
            answer = connection.getresponse()
            told = answer.read()
            if answer.status != 200:
                print(told.decode(), file=sys.stderr)
        connection.close()

    threads = [threading.Thread(target=sending) for _ in range(_CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    told = json.loads(sys.argv[1])
    {"mqtt": by_mqtt, "nats": by_nats, "http": by_http}[told["how"]](told, Path(told["payload"]).read_bytes())
