"""A Bot API server of our own, on this machine alone: the real wire format, its rules and its faults, without a token.

The tests talk to it through aiogram's real session, and `askwell demo telegram` lets anybody chat with the bot over it.
"""
