"""The browser door: Streamlit pages and the routes that serve slide pictures and originals; it decides nothing."""
