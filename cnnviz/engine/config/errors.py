"""What the engine says when it cannot: each of these is one sentence for the person at the page."""


class EngineError(RuntimeError):
    """A job or a run that could not be done."""


class RefusedError(EngineError, ValueError):
    """What was asked for is beyond this server's bounds, or it is full; nothing was started."""


def memory_sentence(error: BaseException) -> str:
    """One sentence where `error` says that there is not enough memory, else empty."""
    if isinstance(error, MemoryError) or "memory" in str(error).lower():
        return "This needs more memory than one run may take on this server: take a smaller network or batch."
    return ""
