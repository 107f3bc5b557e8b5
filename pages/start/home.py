"""Home: the visitor's picture on its way through Sobel, pooling and a small stack of layers."""

from cnnviz.ui import home
from cnnviz.ui.frame import page
from cnnviz.ui.picture import choose_picture

LEAD = (
    "cnnviz shows what a convolutional network does, number by number, on your own picture; it is for "
    "classes and for learning alone. A picture that you choose goes only to the computer that runs "
    "cnnviz, stays in its memory, and is gone when you leave."
)

with page("See convolution", LEAD):
    chosen = choose_picture()
small = home.small_copy(chosen)

home.draw_one_kernel(small, chosen)
home.draw_the_way_on(small)
