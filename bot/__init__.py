"""The conversation: takes a message from any channel, decides the reply, wires the house."""
