"""How the book is drawn on the page: extensions of Sphinx, named in _config.yml."""
