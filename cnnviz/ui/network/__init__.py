"""What the page "Network" is made of; the page itself only puts the parts in order."""
