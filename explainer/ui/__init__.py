"""The only package that knows Streamlit: page frame, shared inputs, components, session state."""
