"""The only place with widgets: controls bound to the link, the picture picker, the page frame."""
