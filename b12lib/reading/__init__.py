"""Reading: Markdown text in, typed and frozen values out. Knows nothing of cases or of files."""
