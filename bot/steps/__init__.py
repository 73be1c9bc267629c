"""One file a skill. Each is a `Step`: a turn in, a reply out, or nothing when the next step may look."""
