"""The maths and the pictures: numpy, scipy, pillow. No Streamlit, plotly or torch at import."""
