"""The server as a whole, in a process of its own."""

from __future__ import annotations

from pathlib import Path

import pytest
from app_server import AppServer
from streamlit import net_util
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin, Subprotocol

from cnnviz.ui.kit.server import ask_nobody

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
    ask_nobody()
    assert not hasattr(net_util, "get_external_ip")
    assert net_util.get_internal_ip() is None
