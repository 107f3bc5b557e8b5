"""How often the pages of a class look again, so that all of them together leave the server free for clicks.

A look costs 5 to 10 ms of the server's one Python, most of it Streamlit's own. Only as many runs compute at
once as the server has cores, so in a class most looks would find nothing new. Each look therefore says when
the next one is: soon while the page's run moves, later while it waits for its turn, and never sooner than the
page's share of what all pages have together. A lone visitor's page is not slowed down.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Hashable
from dataclasses import dataclass, field

__all__ = ["NUMBERS", "PICTURES", "Kind", "Looker"]

LONGEST = 4.0  # seconds between two looks, however many pages there are
GONE_AFTER = 2.5 * LONGEST  # seconds without a look
STRIDE = 0.1  # seconds; an interval changes in such strides, as each change is a message


@dataclass(eq=False)
class Kind:
    """One kind of look, and the pages that look so at the moment.

    every:  seconds between two looks of a page, where there are few pages.
    moving: looks a second that all pages have together whose last look found news.
    still:  the same for pages whose last look found none.
    """

    every: float
    moving: float
    still: float
    _pages: dict[str, tuple[float, bool]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, session: str, *, moved: bool, now: float | None = None) -> float:
        """A page of this session has just looked. Returns the seconds until it should look again.

        max(every, pages of its sort / looks a second of that sort), at most LONGEST.
        """
        now = time.monotonic() if now is None else now
        with self._lock:
            self._pages[session] = (now, moved)
            for one in [one for one, (seen, _) in self._pages.items() if now - seen > GONE_AFTER]:
                del self._pages[one]
            alike = sum(sort is moved for _, sort in self._pages.values())
        share = min(alike / (self.moving if moved else self.still), LONGEST)
        return max(self.every, round(share / STRIDE) * STRIDE)


NUMBERS = Kind(every=0.3, moving=6.0, still=4.0)
"""Where a run stands, and its curves."""
PICTURES = Kind(every=0.6, moving=3.0, still=2.0)
"""Maps, gradients, guesses, and what they say."""


class Looker:
    """One timer of one page: what its last look saw, and the interval that the browser knows."""

    def __init__(self, kind: Kind) -> None:
        self._kind, self._told = kind, kind.every
        self._seen: Hashable = None

    def look(self, news: Hashable, session: str) -> float:
        """Note a look that sees `news`. Returns the new interval in seconds, 0 where it stays as it was."""
        moved, self._seen = news != self._seen, news
        wanted = self._kind.note(session, moved=moved)
        changed, self._told = wanted != self._told, wanted
        return wanted if changed else 0.0
