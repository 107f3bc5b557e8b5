"""What the page "Receptive field" is made of; the page itself only puts the parts in order."""
