"""A class on one server: many sessions, each changing a control once a second, without browsers.

Run from the repository's root: ``python -m benchmarks.sessions [seconds]``. The clients speak Streamlit's own
protocol over websockets, and keep what the server may send by reference, as a browser does. They run in this
process, beside the server, on the same cores.
"""

from __future__ import annotations

import asyncio
import random
import sys
import time
from dataclasses import dataclass, field
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

from benchmarks._app import Server, cpu_seconds, memory_mb, quantile, server
from benchmarks._bench import amount, environment
from benchmarks._table import PACKAGES, Table, load, save

LEVELS = amount((1, 5, 10, 20, 30, 45, 60), (1, 2))
SATURATED = amount(10, 2)  # sessions that never pause
QUERY = "pic=astronaut"  # 512 × 512 pixels, which is the working size of the page too
SMALL = 4096  # bytes; larger messages are parsed on the first visit only, to keep this process out of the way


@dataclass
class Run:
    """One rerun as the client saw it: seconds until script_finished, bytes and messages received."""

    seconds: float
    size: int
    messages: int


@dataclass
class Client:
    """One visitor of the filter page, with the hashes of the messages that it has cached."""

    socket: ClientConnection
    slider: str = ""
    cached_messages: list[str] = field(default_factory=list)
    stride: int = 1

    async def rerun(self, *, first: bool = False) -> Run:
        """Ask for a rerun (with another stride, but for the first) and wait until the script has finished."""
        message = BackMsg()
        state = message.rerun_script
        state.query_string, state.page_name = QUERY, "filter"
        state.cached_message_hashes.extend(self.cached_messages)
        if not first:
            self.stride = self.stride % 4 + 1
            widget = state.widget_states.widgets.add()
            widget.id = self.slider
            widget.double_array_value.data.append(self.stride)
        start = time.perf_counter()
        await self.socket.send(message.SerializeToString())
        size = messages = 0
        while True:
            data = await self.socket.recv()
            size, messages = size + len(data), messages + 1
            if first or len(data) < SMALL:
                answer = ForwardMsg()
                answer.ParseFromString(bytes(data))
                if answer.WhichOneof("type") == "script_finished":
                    return Run(time.perf_counter() - start, size, messages)
                if first:
                    self._remember(answer)

    def _remember(self, message: ForwardMsg) -> None:
        if message.metadata.cacheable:
            self.cached_messages.append(message.hash)
        element = message.delta.new_element
        if element.WhichOneof("type") == "slider" and element.slider.id.endswith("f_stride"):
            self.slider = element.slider.id


async def visit(where: Server) -> tuple[Client, Run]:
    """Open the page as a new visitor."""
    address = f"ws://127.0.0.1:{where.port}/_stcore/stream"
    client = Client(await connect(address, subprotocols=["streamlit"], max_size=None))  # type: ignore[list-item]
    first = await client.rerun(first=True)
    if not client.slider:
        raise RuntimeError("The filter page has no stride slider in its first answer.")
    return client, first


async def _each_second(client: Client, end: float, runs: list[Run]) -> None:
    """A change a second; a change whose predecessor is still computed waits for it."""
    due = time.perf_counter() + random.random()
    while due < end:
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        runs.append(await client.rerun())
        due = max(due + 1, time.perf_counter())


async def _without_pause(client: Client, end: float, runs: list[Run]) -> None:
    while time.perf_counter() < end:
        runs.append(await client.rerun())


async def busy(where: Server, clients: list[Client], seconds: float, *, pause: bool = True) -> list[Any]:
    """Let the clients work; sessions, reruns/s, median, p95 and longest in ms, CPU, memory, load."""
    runs: list[Run] = []
    work = _each_second if pause else _without_pause
    cpu, start = cpu_seconds(where.pid), time.perf_counter()
    await asyncio.gather(*(work(client, start + seconds, runs) for client in clients))
    wall, cpu = time.perf_counter() - start, cpu_seconds(where.pid) - cpu
    waits = [1000 * run.seconds for run in runs]
    times = [quantile(waits, 0.5), quantile(waits, 0.95), max(waits)]
    name = str(len(clients)) if pause else f"{len(clients)} without a pause"
    return [
        name, len(runs) / wall, *times, 1000 * cpu / len(runs), cpu / wall, *memory_mb(where.pid), load(),
    ]  # fmt: skip


async def measure(where: Server, seconds: float) -> list[Table]:
    """All levels, the saturated server, and the bytes sent to one visitor."""
    firsts, clients, rows = [], [], []
    for level in LEVELS:
        while len(clients) < level:
            client, first = await visit(where)
            clients.append(client)
            firsts.append(first)
        rows.append(await busy(where, clients, seconds))
    rows.append(await busy(where, clients[:SATURATED], seconds, pause=False))
    later = [await clients[0].rerun() for _ in range(4)]
    sent = [["first visit", firsts[0].size, firsts[0].messages]]
    sent += [["a change of the stride", later[-1].size, later[-1].messages]]
    for client in clients:
        await client.socket.close()
    head = ["Sessions", "Reruns/s", "Median, ms", "p95, ms", "Longest, ms", "Server CPU a rerun, ms"]
    head += ["Server CPU/wall", "Server memory, MB", "Its peak, MB", "Load"]
    note = (
        "Each session changes the stride of a 512² picture once a second; from sending to script_finished, as"
        f" the client sees it. {seconds:g} s at each level, one after another on the same server."
    )
    bytes_note = (
        "Sizes of the messages as the client gets them. The library of views and the picture come once, later"
        " by reference."
    )
    return [
        Table("sessions", "Many visitors on one server", head, rows, note),
        Table("sent", "Bytes sent to one visitor", ["When", "Bytes", "Messages"], sent, bytes_note),
    ]


def main() -> None:
    """Measure, print the tables and write them to benchmarks/results."""
    # The first change of a session comes within a second, so a smoke run needs more than that.
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else amount(10.0, 1.5)
    where = environment(PACKAGES)
    with server() as running:
        tables = asyncio.run(measure(running, seconds))
    save("sessions", tables, where=where)


if __name__ == "__main__":
    main()
