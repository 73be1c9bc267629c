"""The web door: a page of plain HTML, and an API."""
