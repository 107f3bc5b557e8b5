"""What every page is made of: controls, link, page frame, server."""
