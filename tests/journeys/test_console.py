"""Priya's pages in a real browser."""
