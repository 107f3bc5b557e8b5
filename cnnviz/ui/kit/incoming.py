"""What a browser may send: the link and what widgets and views report, bounded before anything decodes it.

One place for all pages. Python lets one thread compute at a time, so a text that takes long to read makes
every visitor wait; here each length is looked at before any pattern, decoder or parser sees the text.
"""

from __future__ import annotations

import json
from urllib.parse import unquote_plus

from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.WidgetStates_pb2 import WidgetState

from cnnviz.settings import settings

__all__ = ["LONGEST_MESSAGE", "LONGEST_PICTURE", "LONGEST_VALUE", "MOST_VALUES", "bound", "bounded_query"]

LONGEST_VALUE = 20_000  # characters of one value in the link; four kernels 7×7×3 of float32 have up to 8,200
MOST_VALUES = 200  # values in a link; a page has about 40
LONGEST_QUERY = 200_000  # characters of all of them together, as the browser writes them
LONGEST_MESSAGE = 600_000  # bytes of what one widget or view reports; the JSON of a network has up to 500,000
LONGEST_PICTURE = (
    4 * (settings.max_upload_mb * 1_000_000 // 3 + 1) + 10_000
)  # bytes, with a picture in base64
CARRY_PICTURES = ("f_view", "picture_picker")  # the keys of the views that send pictures


def bound(state: ClientState) -> None:
    """Take out of what a browser sent whatever is over the bounds; the page then has its default there.

    A text that was typed or pasted is cut instead, above the page's own bound, so that its sentence is said.
    """
    query = bounded_query(state.query_string)
    if query != state.query_string:
        state.query_string = query
    kept = [widget for widget in state.widget_states.widgets if _fits(widget)]
    if len(kept) < len(state.widget_states.widgets):
        del state.widget_states.widgets[:]
        state.widget_states.widgets.extend(kept)


def bounded_query(query: str) -> str:
    """The link's values that are within the bounds, in their order."""
    if len(query) <= LONGEST_VALUE and query.count("&") < MOST_VALUES:
        return query
    values = query[:LONGEST_QUERY].split("&")
    if len(query) > LONGEST_QUERY:
        values.pop()  # cut in its middle, it would be another value
    fit = (
        value for value in values[:MOST_VALUES] if len(unquote_plus(value.partition("=")[2])) <= LONGEST_VALUE
    )
    return "&".join(fit)


def _fits(widget: WidgetState) -> bool:
    kind = widget.WhichOneof("value")
    if kind == "string_value":
        if len(widget.string_value) > LONGEST_MESSAGE:
            widget.string_value = widget.string_value[:LONGEST_MESSAGE]
        return True
    if any(f"-{key}" in widget.id for key in CARRY_PICTURES):
        return int(widget.ByteSize()) <= LONGEST_PICTURE
    if widget.ByteSize() > LONGEST_MESSAGE:
        return False
    return kind not in {"json_value", "json_trigger_value"} or _is_json(str(getattr(widget, kind)))


def _is_json(text: str) -> bool:
    """Whether Streamlit can decode this; nested too deep, it would stop the visitor's page for good."""
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
