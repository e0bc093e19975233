"""Showing: an assessment as text, Markdown, HTML, figures and widgets. Decides nothing."""
