import streamlit as st
from cnnviz.ui.frame import page

page("See convolution", "x")
