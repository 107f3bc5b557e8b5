"""Home: the visitor's picture on its way through Sobel, pooling and a small stack of layers."""

from cnnviz.ui.home import sections as home
from cnnviz.ui.kit.page import page
from cnnviz.ui.picture.picker import choose_picture

LEAD = (
    "A small grid of numbers slides over your photo and makes a new one: edges, blur, shapes. That is "
    "convolution. Your photo stays in the memory of cnnviz's server and goes when you leave."
)

with page("See convolution", LEAD, home.STATE):
    chosen = choose_picture()
small = home.small_copy(chosen)

home.draw_one_kernel(small, chosen)
home.draw_stack(small)
home.draw_the_way_on(small)
