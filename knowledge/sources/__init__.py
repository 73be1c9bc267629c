"""Readers for what councils publish: bytes in, a `Document` out. One file a format; no network, no database."""
