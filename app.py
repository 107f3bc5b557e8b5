"""cnnviz: page configuration and navigation, nothing else."""

import streamlit as st

from cnnviz.ui.server import ICON, no_automatic_pages

if __name__ == "__main__":  # Streamlit runs this file under that name, at every rerun of every visitor
    st.set_page_config(page_title="cnnviz", page_icon=ICON, layout="wide")
    home = st.Page("pages/start/home.py", title="Home", icon=":material/home:", url_path="home", default=True)
    filter_a_photo = st.Page(
        "pages/explore/filter_a_photo.py",
        title="Filter a photo",
        icon=":material/filter_b_and_w:",
        url_path="filter",
    )
    st.navigation([home, filter_a_photo], position="top").run()
else:  # `streamlit run` imports it once, when the server starts
    no_automatic_pages()
    app = st.App(__file__)
