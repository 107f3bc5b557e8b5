"""Our own client-side views: one folder each."""
