"""What the page "Filter a photo" is made of; the page itself only puts the parts in order."""
