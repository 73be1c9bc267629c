"""What the chat can do: one file a subject. A handler changes things only by acts done once under their key."""
