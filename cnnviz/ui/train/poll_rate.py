"""How often the pages of a class poll their runs, so that together they leave the server free for clicks.

A poll costs 5 to 10 ms of the server's one Python, most of it Streamlit's own. Only as many runs compute at
once as the server has cores, so in a class most polls would find nothing new. Each poll therefore says when
the next one is: soon while the page's run moves, later while it waits for its turn, and never sooner than the
page's share of what all pages have together. A lone visitor's page is not slowed down.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Hashable
from dataclasses import dataclass, field

__all__ = ["NUMBERS", "PICTURES", "PollRate", "PollTimer"]

LONGEST = 4.0  # seconds between two polls, however many pages there are
GONE_AFTER = 2.5 * LONGEST  # seconds without a poll
ROUNDED_TO = 0.1  # seconds; each change of an interval is a message


@dataclass(eq=False)
class PollRate:
    """One kind of poll, and the pages that poll so at the moment.

    every:  seconds between two polls of a page, where there are few pages.
    moving: polls a second of all pages together whose last poll found news.
    still:  the same for pages whose last poll found none.
    """

    every: float
    moving: float
    still: float
    _pages: dict[str, tuple[float, bool]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, session: str, *, moved: bool, now: float | None = None) -> float:
        """A page of this session has just polled. Returns the seconds until it should poll again.

        max(every, pages of its sort / polls a second of that sort), at most LONGEST.
        """
        now = time.monotonic() if now is None else now
        with self._lock:
            self._pages[session] = (now, moved)
            for gone in [page for page, (polled, _) in self._pages.items() if now - polled > GONE_AFTER]:
                del self._pages[gone]
            alike = sum(sort is moved for _, sort in self._pages.values())
        share = min(alike / (self.moving if moved else self.still), LONGEST)
        return max(self.every, round(share / ROUNDED_TO) * ROUNDED_TO)


NUMBERS = PollRate(every=0.3, moving=6.0, still=4.0)
"""Where a run stands, and its curves."""
PICTURES = PollRate(every=0.6, moving=3.0, still=2.0)
"""Maps, gradients, predictions and findings."""


class PollTimer:
    """One timer of one page: what its last poll saw, and the interval that the browser knows."""

    def __init__(self, rate: PollRate) -> None:
        self._rate, self._interval = rate, rate.every
        self._seen: Hashable = None

    def poll(self, news: Hashable, session: str) -> float:
        """Note a poll that sees `news`. Returns the new interval in seconds, 0 where it stays as it was."""
        moved, self._seen = news != self._seen, news
        wanted = self._rate.note(session, moved=moved)
        changed, self._interval = wanted != self._interval, wanted
        return wanted if changed else 0.0
