"""cnnviz: see convolution, and then a whole convolutional network, on your own pictures."""
