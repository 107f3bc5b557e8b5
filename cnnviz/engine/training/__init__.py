"""Training and looking into a network, in torch."""
