"""cnnviz: page configuration and navigation, nothing else."""

import streamlit as st

from cnnviz.engine.processes.supervisor import preload
from cnnviz.ui.kit.server import (
    ICON,
    bound_messages,
    cache_theme,
    disable_address_lookup,
    disable_automatic_pages,
    import_and_freeze,
    shorten_switch_interval,
    sweeping,
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
    disable_automatic_pages()
    disable_address_lookup()
    cache_theme()
    bound_messages()
    shorten_switch_interval()
    preload()
    import_and_freeze()
    app = st.App(__file__, lifespan=sweeping)
