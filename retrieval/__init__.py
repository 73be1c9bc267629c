"""From a question to ranked passages, and the evidence for the ranking."""
