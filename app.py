"""cnnviz: page configuration and navigation, nothing else."""

import streamlit as st

st.set_page_config(page_title="cnnviz", page_icon=":material/grid_on:", layout="wide")

HOME = st.Page("pages/start/home.py", title="Home", icon=":material/home:", url_path="home", default=True)
FILTER = st.Page(
    "pages/explore/filter_a_photo.py",
    title="Filter a photo",
    icon=":material/filter_b_and_w:",
    url_path="filter",
)

st.navigation([HOME, FILTER], position="top").run()
