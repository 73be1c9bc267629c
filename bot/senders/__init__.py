"""How a letter leaves the house: one file a channel."""
