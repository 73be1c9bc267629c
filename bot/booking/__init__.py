"""Booking a SEND Surgery: pages B1 to B10 of ux.md as one flow that every channel draws in its own way."""
