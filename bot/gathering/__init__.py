"""Fetching what councils publish. Only here does Askwell ask other people's machines for anything of its own accord.

`knowledge` reads bytes and knows no network; `handoff` keeps what was read and what an editor decided; this room asks
for pages, under a guard that no page, link or redirect can talk its way around.
"""
