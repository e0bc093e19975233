"""Publishing: case reports, the static site, the command line."""
