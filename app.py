"""cnnviz: page configuration and navigation, nothing else."""

import streamlit as st

from cnnviz.engine.processes.supervisor import warm
from cnnviz.ui.kit.server import (
    ICON,
    ask_nobody,
    bounded_messages,
    no_automatic_pages,
    settle,
    short_turns,
    sweeping,
    theme_once,
)
from cnnviz.ui.site import HOME, SITE

if __name__ == "__main__":  # Streamlit runs this file under that name, at every rerun of every visitor
    st.set_page_config(page_title="cnnviz", page_icon=ICON, layout="wide")
    pages = [
        st.Page(page.file, title=page.title, icon=page.icon, url_path=page.path, default=page is HOME)
        for page in SITE
    ]
    st.navigation(pages, position="top").run()
else:  # `streamlit run` imports it once, when the server starts
    no_automatic_pages()
    ask_nobody()
    theme_once()
    bounded_messages()
    short_turns()
    warm()
    settle()
    app = st.App(__file__, lifespan=sweeping)
