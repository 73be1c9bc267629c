"""How much one file may take of the machine while it is read. Apart from the reader, whose libraries are heavy."""

from __future__ import annotations

MEMORY = 256 * 1024 * 1024
# The whole decision is within ten: the rest is for starting, sending and ending the child.
SECONDS = 8
MOST_OUT = 16_000_000
