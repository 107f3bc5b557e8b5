"""The server as a whole, in a process of its own."""

from __future__ import annotations

import base64
import gc
import json
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from app_server import AppServer
from picture_files import encode
from streamlit import net_util, runtime
from streamlit.components.v2.bidi_component.main import _make_trigger_id
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.app_session import AppSessionState
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from cnnviz.ui.kit import server as served
from cnnviz.ui.kit.server import Sweeper, disable_address_lookup

# Written to sitecustomize.py, which each Python process imports when it starts. A name that is not this
# computer's and an address outside of it are written down, and then fail as they do where no network is.
WATCH = """
import ipaddress
import pathlib
import socket

RECORD = pathlib.Path(__file__).with_name("asked.txt")


def inside(host):
    if not host or host in ("localhost", b"localhost", socket.gethostname()):
        return True
    try:
        address = ipaddress.ip_address(host if isinstance(host, str) else host.decode())
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def watched(name, function, place):
    def call(*args, **kwargs):
        target = args[place]
        host = target[0] if isinstance(target, tuple) else target
        if not (place and isinstance(target, str | bytes)) and not inside(host):  # a path is no host
            with RECORD.open("a") as file:
                file.write(f"{name} {host}\\n")
            raise OSError(f"This test allows no {name} of {host}.")
        return function(*args, **kwargs)

    return call


for name in ("getaddrinfo", "gethostbyname", "gethostbyname_ex", "gethostbyaddr"):
    setattr(socket, name, watched(name, getattr(socket, name), 0))
for name in ("connect", "connect_ex"):
    setattr(socket.socket, name, watched(name, getattr(socket.socket, name), 1))
"""


def stream(server: AppServer, origin: str | None) -> None:
    """Open the websocket as a page of this origin does, and close it."""
    address = server.url.replace("http", "ws") + "_stcore/stream"
    named = None if origin is None else Origin(origin)
    with connect(address, origin=named, subprotocols=[Subprotocol("streamlit")], proxy=None, open_timeout=30):
        pass


@pytest.mark.processes
@pytest.mark.parametrize("options", [{}, {"address": "0.0.0.0"}], ids=["no address", "all addresses"])
def test_the_server_asks_no_other_host_for_anything(tmp_path: Path, options: dict[str, str]) -> None:
    (tmp_path / "sitecustomize.py").write_text(WATCH)
    server = AppServer(tmp_path / "log.txt", options, {"PYTHONPATH": str(tmp_path)})
    try:
        with pytest.raises(InvalidStatus) as refused:
            stream(server, "http://elsewhere.example")
        stream(server, server.url.rstrip("/"))
    finally:
        server.stop()
    asked = tmp_path / "asked.txt"
    assert not asked.exists(), asked.read_text()
    assert refused.value.response.status_code == 403


def test_the_watch_sees_a_lookup_and_a_connection(tmp_path: Path) -> None:
    import subprocess
    import sys

    (tmp_path / "sitecustomize.py").write_text(WATCH)
    tries = "import socket\n" + "".join(
        f"try: {one}\nexcept OSError: pass\n"
        for one in (
            "socket.getaddrinfo('elsewhere.example', 80)",
            "socket.socket(type=socket.SOCK_DGRAM).connect(('192.0.2.1', 1))",
            "socket.getaddrinfo('localhost', 80)",
        )
    )
    subprocess.run([sys.executable, "-c", tries], env={"PYTHONPATH": str(tmp_path)}, check=True)
    assert (tmp_path / "asked.txt").read_text().split("\n") == [
        "getaddrinfo elsewhere.example",
        "connect 192.0.2.1",
        "",
    ]


def test_without_those_functions_nothing_is_changed(monkeypatch) -> None:
    monkeypatch.delattr(net_util, "get_external_ip")
    monkeypatch.setattr(net_util, "get_internal_ip", lambda: "192.0.2.1")
    disable_address_lookup()
    assert not hasattr(net_util, "get_external_ip")
    assert net_util.get_internal_ip() is None


VISITORS = 12
GONE_WITHIN = 60.0  # seconds on a busy machine; the server has 3
SIDE = 2048  # pixels of a visitor's own picture, of which the session holds 12.6 MB at this working size


def visit(server: AppServer, picture: str = "") -> None:
    """Open the filter page as a visitor does, take a still with the camera (a PNG in base64), and leave."""
    address = server.url.replace("http", "ws") + "_stcore/stream"
    with connect(
        address, subprotocols=[Subprotocol("streamlit")], max_size=None, proxy=None, open_timeout=30
    ) as socket:
        message = BackMsg()
        message.rerun_script.query_string = f"pic=astronaut&px={SIDE}"
        message.rerun_script.page_name = "filter"
        view = answer_to(socket, message)
        if picture:
            message.rerun_script.widget_states.widgets.add(id=view, json_value="{}")
            still = message.rerun_script.widget_states.widgets.add(id=_make_trigger_id(view, "events"))
            still.json_trigger_value = json.dumps([{"event": "still", "value": picture}])
            answer_to(socket, message)


def answer_to(socket: ClientConnection, message: BackMsg) -> str:
    """Send it and wait until the page stands; the id of the filter view on it."""
    socket.send(message.SerializeToString())
    answer, view = ForwardMsg(), ""
    while answer.WhichOneof("type") != "script_finished":
        answer.ParseFromString(bytes(socket.recv(60)))  # type: ignore[arg-type]
        component = answer.delta.new_element.bidi_component
        if component.component_name == "cnnviz_filter_view":
            view = component.id
    return view


def megabytes(server: AppServer) -> float:
    """Resident memory of the server's process."""
    lines = Path(f"/proc/{server.process.pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) / 1000


def falls(measure: Callable[[], float], limit: float) -> float:
    """Wait until the measure is at most `limit`; the last value, after GONE_WITHIN at the latest."""
    deadline = time.monotonic() + GONE_WITHIN
    while (value := measure()) > limit and time.monotonic() < deadline:
        time.sleep(0.2)
    return value


@pytest.mark.processes
def test_an_idle_server_gives_back_what_visitors_have_held(tmp_path: Path) -> None:
    # The sessions live for longer than all visits take, so that all are held when the last visitor has left.
    options = {"address": "127.0.0.1", "disconnectedSessionTTL": "15"}
    picture = base64.b64encode(encode(np.full((SIDE, SIDE, 3), 90, np.uint8))).decode()
    server = AppServer(tmp_path / "log.txt", options, {"CNNVIZ_SWEEP_SECONDS": "1"})
    try:
        visit(server, picture)  # what is loaded with the first visit stays
        start = megabytes(server)
        for _ in range(VISITORS):
            visit(server, picture)
        assert megabytes(server) > 1.2 * start  # or this would show nothing
        assert falls(lambda: megabytes(server), 1.2 * start) <= 1.2 * start
    finally:
        server.stop()


class Sessions:
    """Streamlit's manager of sessions, as far as the sweeper asks it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.running: dict[str, bool] = {}
        self.collected = self.expired = 0
        self._session_storage = SimpleNamespace(_cache=SimpleNamespace(expire=self._expire))
        monkeypatch.setattr(runtime, "exists", lambda: True)
        monkeypatch.setattr(runtime, "get_instance", lambda: SimpleNamespace(_session_mgr=self))
        monkeypatch.setattr(gc, "collect", self._collect)

    def list_sessions(self) -> list[SimpleNamespace]:
        states = {True: AppSessionState.APP_IS_RUNNING, False: AppSessionState.APP_NOT_RUNNING}
        return [
            SimpleNamespace(session=SimpleNamespace(id=name, _state=states[runs]))
            for name, runs in self.running.items()
        ]

    def _expire(self) -> None:
        self.expired += 1

    def _collect(self) -> int:
        self.collected += 1
        return 0


def test_garbage_is_collected_once_after_a_session_has_gone(monkeypatch) -> None:
    sessions, sweeper = Sessions(monkeypatch), Sweeper()
    sessions.running = {"a": False, "b": False}
    assert [sweeper.sweep(), sweeper.sweep()] == [False, False]
    del sessions.running["a"]
    assert [sweeper.sweep(), sweeper.sweep()] == [True, False]
    assert sessions.collected == 1
    assert sessions.expired == 4  # at each turn


def test_it_waits_for_a_moment_without_scripts_but_not_for_ever(monkeypatch) -> None:
    sessions, sweeper = Sessions(monkeypatch), Sweeper()
    sessions.running = {"a": False, "b": True}
    sweeper.sweep()
    del sessions.running["a"]
    assert not sweeper.sweep()
    sessions.running["b"] = False
    assert sweeper.sweep()
    del sessions.running["b"]
    sessions.running["c"] = True
    most = served.MAX_DEFERRALS
    assert [sweeper.sweep() for _ in range(most + 1)] == [False] * most + [True]


def test_without_a_server_or_its_manager_nothing_is_swept(monkeypatch) -> None:
    assert not Sweeper().sweep()
    monkeypatch.setattr(runtime, "exists", lambda: True)
    monkeypatch.setattr(runtime, "get_instance", SimpleNamespace)
    assert not Sweeper().sweep()
