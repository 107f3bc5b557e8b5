"""How large a network may be that is trained here, by the bounds of `settings`."""

from __future__ import annotations

from cnnviz.core.networks.spec import NetSpec
from cnnviz.settings import settings

__all__ = ["refusal"]


def refusal(net: NetSpec, batch: int) -> str:
    """Why a network is too large to be trained with this batch, by the bounds of `settings`; else empty."""
    parameters = sum(net.parameter_counts())
    if parameters > settings.max_train_parameters:
        return (
            f"The network has {parameters:,} parameters; at most {settings.max_train_parameters:,} are "
            "trained here: make it narrower or pool before the dense layers."
        )
    rows = net.rows()
    work = batch * sum(row.multiply_adds for row in rows)
    if work > settings.max_train_multiply_adds * 10**6:
        return (
            f"One step would take {work / 1e6:,.0f} million multiply-adds; at most "
            f"{settings.max_train_multiply_adds:,} million are done here: make the network, the picture or "
            "the batch smaller."
        )
    megabytes = 2 * batch * sum(row.activation_bytes for row in rows) / 1e6  # the outputs and their gradients
    if megabytes > settings.max_train_mb:
        return (
            f"The layers' outputs of one batch would take {megabytes:,.0f} MB; at most "
            f"{settings.max_train_mb:,} MB are used here: make the network, the picture or the batch smaller."
        )
    return ""
