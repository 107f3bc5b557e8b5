"""The stack of layers edited in place: what the pages Network, Receptive field and Train share."""

from cnnviz.ui.network_stack.control import StackControl

__all__ = ["StackControl"]
