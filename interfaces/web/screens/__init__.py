"""One module a page, each with ``render(context)``.

The folder is not called ``pages``: Streamlit would take its modules for page scripts of its own.
"""
