"""Values as colours: displays, colour maps and histograms."""
