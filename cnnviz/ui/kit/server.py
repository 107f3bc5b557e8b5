"""What concerns the server as a whole. The one place that touches what Streamlit does not document."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import ctypes
import gc
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module
from pkgutil import walk_packages

from streamlit import config, net_util, runtime
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.NewSession_pb2 import CustomThemeConfig
from streamlit.runtime import app_session
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_run_context import ThreadState

import cnnviz.ui
from cnnviz.settings import ASSETS, settings
from cnnviz.ui.kit.incoming import bound

_PNG = base64.b64encode((ASSETS / "icon.png").read_bytes()).decode()
# As SVG text the icon travels inside the page's own data. As a file it would become a media file, which
# Streamlit drops when a rerun is cut short, while the browser may still be asking for it.
ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">'
    f'<image href="data:image/png;base64,{_PNG}" width="64" height="64"/></svg>'
)

SWITCH_SECONDS = 0.001
MAX_DEFERRALS = 8  # sweeps that put garbage collection off because a script runs
GC_THRESHOLDS = (5000, 10, 10)  # new objects until Python collects the youngest generation, and so on


def disable_automatic_pages() -> None:
    """Switch off Streamlit's old automatic pages before the first visitor comes.

    They are on wherever a folder ``pages`` exists, until ``st.navigation`` has run once. The first visitor
    after a start who came by a link to a page would then read "Page not found".
    """
    PagesManager.uses_pages_directory = False


def cache_theme() -> None:
    """Have Streamlit read its theme settings when they change, not at every run of a script.

    It goes through all of its settings six times for each run, that of a small fragment included: a third of
    what a run costs the thread that talks to all browsers. Where Streamlit has no such function any more,
    nothing is changed.
    """
    fill = getattr(app_session, "_populate_theme_msg", None)
    if fill is None or hasattr(fill, "known"):
        return
    known: dict[str, CustomThemeConfig] = {}

    def from_known(msg: CustomThemeConfig, section: str = "theme") -> None:
        found = known.get(section)
        if found is None:
            found = CustomThemeConfig()
            fill(found, section)
            known[section] = found
        if found.ByteSize():  # an empty one would be marked as given
            msg.MergeFrom(found)

    from_known.known = known  # type: ignore[attr-defined]
    app_session._populate_theme_msg = from_known
    config.on_config_parsed(known.clear, force_connect=True)


def disable_address_lookup() -> None:
    """Keep Streamlit from asking a foreign host for this computer's address.

    It would do so for each websocket whose Origin is another one than the Host, as behind a proxy that
    forwards no Host, to learn whether that may be itself. Everybody waits meanwhile: 20 seconds where no name
    server answers. Such an address has to stand in ``server.corsAllowedOrigins``. (It would ask at the start
    too, before this is imported: ``browser.serverAddress`` in the configuration makes that unnecessary.)
    """
    for name in ("get_external_ip", "get_internal_ip"):
        if hasattr(net_util, name):
            setattr(net_util, name, lambda: None)


def bound_messages() -> None:
    """Have everything that browsers send pass :func:`cnnviz.ui.kit.incoming.bound` before Streamlit reads it.

    The link's values that belong to widgets are parsed by Streamlit itself, and so is the JSON of views: no
    page sees them before. Where Streamlit has no such method any more, nothing is changed, and the bounds of
    :class:`cnnviz.ui.kit.link.Linked` and of the parsers remain.
    """
    ask = getattr(app_session.AppSession, "request_rerun", None)
    if ask is None or hasattr(ask, "bounded"):
        return

    def request_rerun(self: app_session.AppSession, client_state: ClientState | None) -> None:
        if client_state is not None:
            bound(client_state)
        ask(self, client_state)

    request_rerun.bounded = True  # type: ignore[attr-defined]
    app_session.AppSession.request_rerun = request_rerun  # type: ignore[method-assign]


def shorten_switch_interval() -> None:
    """Let a thread that waits for Python's global lock have it after SWITCH_SECONDS.

    Each visitor's script is a thread, and gives the lock away with every message that it sends. With Python's
    usual 5 ms, a script among others that compute waits up to that long to get it back, each time anew.
    """
    sys.setswitchinterval(SWITCH_SECONDS)


def import_and_freeze() -> None:
    """Import what the pages need before the first visitor does, and keep it out of garbage collection.

    A full collection visits every object and stops all scripts meanwhile: 140 to 200 ms in a busy server,
    most of it on the 100,000 objects of modules, which never become garbage.
    """
    for module in walk_packages(cnnviz.ui.__path__, "cnnviz.ui."):
        import_module(module.name)
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GC_THRESHOLDS)


class Sweeper:
    """Gives back what visitors who left have held: sessions whose time is over, and the memory behind them.

    Streamlit looks for such sessions only when another visitor comes or goes, and they refer to themselves in
    circles, which the garbage collector, made rare by :func:`import_and_freeze`, would find late or never.
    """

    def __init__(self) -> None:
        self._known: set[str] = set()
        self._collect_due = False
        self._deferred = 0

    def sweep(self) -> bool:
        """Look once, on the server's own thread; whether garbage was collected."""
        manager = getattr(runtime.get_instance(), "_session_mgr", None) if runtime.exists() else None
        expire = getattr(getattr(getattr(manager, "_session_storage", None), "_cache", None), "expire", None)
        if manager is None or expire is None:  # another Streamlit: only its own lazy way remains
            return False
        expire()
        sessions = {info.session.id: _runs(info.session) for info in manager.list_sessions()}
        self._collect_due |= not self._known <= sessions.keys()
        self._known = set(sessions)
        busy = any(sessions.values()) and self._deferred < MAX_DEFERRALS
        self._deferred = self._deferred + 1 if self._collect_due and busy else 0
        if not self._collect_due or busy:
            return False
        self._collect_due = False
        gc.collect()
        _return_memory()
        return True


def _return_memory() -> None:
    """Have the C library give free memory back to the system, where it is one that keeps it (glibc does)."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
    if trim is not None:
        trim(0)


def _runs(session: app_session.AppSession) -> bool:
    """Whether this visitor's script is running; a search for garbage would stop it for a moment."""
    return getattr(session, "_state", None) is app_session.AppSessionState.APP_IS_RUNNING


@asynccontextmanager
async def sweeping(_app: object) -> AsyncIterator[None]:
    """As the app's lifespan: a :class:`Sweeper` at work while the server runs."""

    async def sweep() -> None:
        sweeper = Sweeper()
        while True:
            await asyncio.sleep(settings.sweep_seconds)
            sweeper.sweep()

    task = asyncio.create_task(sweep())
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


def session_id() -> str:
    """Whose script is running: one id for each open tab, kept while the tab reconnects."""
    context = get_script_run_ctx()
    return context.session_id if context else ""


def session_alive(session: str) -> bool:
    """Whether that tab is connected now; callable from any thread. Without a server nobody can leave."""
    return not runtime.exists() or bool(runtime.get_instance().is_active_session(session))


def set_fragment_interval(seconds: float) -> None:
    """Give the fragment whose script is running another timer than the `run_every` that it was made with.

    The browser replaces a fragment's timer where it is told another interval. Streamlit tells it one only
    where the fragment is declared, that is in a run of the whole page. Outside of fragments nothing happens.
    """
    context = get_script_run_ctx()
    fragment = ThreadState.get().fragment_id if context else None
    if context and fragment:
        message = ForwardMsg()
        message.auto_rerun.fragment_id, message.auto_rerun.interval = fragment, seconds
        context.enqueue(message)
