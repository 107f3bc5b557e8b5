"""What the page "Step by step" is made of; the page itself only puts the parts in order."""
