"""A class that trains: eight sessions with a run each, and how long a slider takes in a ninth.

Run from the repository's root: ``python -m benchmarks.class_training [seconds]``. The clients speak
Streamlit's own protocol over websockets, ask again for every fragment that has a timer as a browser does, and
run in this process, beside the server and the training, on the same cores. The ninth's slider is measured
before anyone trains and while all eight do, in the same run.
"""

from __future__ import annotations

import asyncio
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

from benchmarks._app import TICKS, Server, cpu_seconds, quantile, server
from benchmarks._bench import amount, environment
from benchmarks._table import PACKAGES, Table, load, save

TRAINING = amount(8, 1)
PAUSE = 0.5  # seconds between two changes of the ninth's slider
SLIDERS = {
    "Filter a photo, stride": ("filter", "f_stride", 1, 4),
    "Pooling, window": ("pooling", "p_size", 2, 8),
}


@dataclass
class Visitor:
    """One session: its page, the ids of widgets by their key, its timers, and hashes of cached messages."""

    socket: ClientConnection
    page: str
    widgets: dict[str, str] = field(default_factory=dict)
    timers: dict[str, float] = field(default_factory=dict)
    cached_messages: list[str] = field(default_factory=list)
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def ask(
        self, *, press: str = "", slide: tuple[str, float] | None = None, fragment: str = ""
    ) -> float:
        """One rerun, of the page or of a fragment; seconds until the script has finished."""
        message = BackMsg()
        state = message.rerun_script
        state.page_name = self.page
        state.cached_message_hashes.extend(self.cached_messages)
        if fragment:
            state.fragment_id, state.is_auto_rerun = fragment, True
        if press:
            widget = state.widget_states.widgets.add()
            widget.id, widget.trigger_value = self.widgets[press], True
        if slide:
            widget = state.widget_states.widgets.add()
            widget.id = self.widgets[slide[0]]
            widget.double_array_value.data.append(slide[1])
        async with self.lock:
            if not fragment:
                self.timers.clear()
            start = time.perf_counter()
            await self.socket.send(message.SerializeToString())
            while True:
                answer = ForwardMsg()
                answer.ParseFromString(bytes(await self.socket.recv()))
                if answer.WhichOneof("type") == "script_finished":
                    return time.perf_counter() - start
                self._take(answer)

    def _take(self, message: ForwardMsg) -> None:
        if message.metadata.cacheable:
            self.cached_messages.append(message.hash)
        if message.WhichOneof("type") == "auto_rerun":
            self.timers[message.auto_rerun.fragment_id] = message.auto_rerun.interval
        element = message.delta.new_element
        kind = element.WhichOneof("type")
        if kind in ("slider", "button"):
            widget_id = getattr(element, kind).id
            self.widgets[widget_id.rpartition("-")[2]] = widget_id

    async def live(self, end: float) -> int:
        """Ask for every fragment with a timer when it is due; how often that was."""
        due: dict[str, float] = {}
        count = 0
        while time.perf_counter() < end:
            now = time.perf_counter()
            for name, interval in list(self.timers.items()):
                if due.setdefault(name, now + interval) <= now:
                    await self.ask(fragment=name)
                    due[name] = time.perf_counter() + interval
                    count += 1
            await asyncio.sleep(0.02)
        return count


async def visit(where: Server, page: str) -> Visitor:
    address = f"ws://127.0.0.1:{where.port}/_stcore/stream"
    visitor = Visitor(await connect(address, subprotocols=["streamlit"], max_size=None), page)  # type: ignore[list-item]
    await visitor.ask()
    return visitor


async def slide(visitor: Visitor, key: str, low: int, high: int, end: float) -> list[float]:
    """Change a slider again and again; milliseconds of each answer."""
    waits, value = [], low
    while time.perf_counter() < end:
        value = low + (value - low + 1) % (high - low + 1)
        waits.append(1000 * await visitor.ask(slide=(key, value)))
        await asyncio.sleep(PAUSE)
    return waits


async def measure(where: Server, seconds: float) -> Table:
    """Each slider's answers with nobody training and with eight runs."""
    ninth = {name: await visit(where, page) for name, (page, *_) in SLIDERS.items()}
    before = {name: await _slide(ninth[name], name, seconds) for name in SLIDERS}
    visitors = [await visit(where, "train") for _ in range(TRAINING)]
    for visitor in visitors:
        await visitor.ask(press="t_start")
    settled = amount(5, 1)
    end = time.perf_counter() + 2 * seconds + settled + 1
    watching = [asyncio.create_task(visitor.live(end)) for visitor in visitors]
    await asyncio.sleep(settled)
    cpu, server_cpu, start = cpu_seconds(where.pid), _process_cpu(where.pid), time.perf_counter()
    during = {name: await _slide(ninth[name], name, seconds) for name in SLIDERS}
    took = time.perf_counter() - start
    used = (cpu_seconds(where.pid) - cpu) / took
    server_used = (_process_cpu(where.pid) - server_cpu) / took
    reruns = await asyncio.gather(*watching)
    rows = []
    for name in SLIDERS:
        quiet, busy = before[name], during[name]
        rows.append(
            [
                name,
                quantile(quiet, 0.5),
                quantile(quiet, 0.95),
                quantile(busy, 0.5),
                quantile(busy, 0.95),
                quantile(busy, 0.5) / quantile(quiet, 0.5),
                len(busy),
            ]
        )
    for visitor in [*visitors, *ninth.values()]:
        with suppress(OSError):
            await visitor.socket.close()
    note = (
        f"{TRAINING} sessions with a run each and all live views open ({sum(reruns)} fragment "
        f"reruns); a ninth changes a slider every {PAUSE:g} s. From sending to script_finished, as the "
        f"client measures it, in ms. Server and training used {used:.2f} cores meanwhile, the server's "
        f"process alone {server_used:.2f}; load {load()}."
    )
    head = [
        "Slider",
        "Median, nobody trains",
        "p95",
        f"Median, {TRAINING} train",
        "p95",
        "Medians' ratio",
        "Changes",
    ]
    return Table("class_training", "A slider while a class trains", head, rows, note)


def _process_cpu(pid: int) -> float:
    """User and system time of one process, without its children."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return sum(int(ticks) for ticks in fields[11:13]) / TICKS


async def _slide(visitor: Visitor, name: str, seconds: float) -> list[float]:
    _, key, low, high = SLIDERS[name]
    return await slide(visitor, key, low, high, time.perf_counter() + seconds)


def main() -> None:
    """Measure, print the table and write it to benchmarks/results."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else amount(15.0, 0.5)
    where = environment(PACKAGES)
    with server() as running:
        table = asyncio.run(measure(running, seconds))
    save("class_training", [table], where=where)


if __name__ == "__main__":
    main()
