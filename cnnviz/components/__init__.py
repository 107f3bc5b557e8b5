"""The views in the browser, one folder each: typed Python, JavaScript and style."""
