"""What the page "Activation" is made of; the page itself only puts the parts in order."""
