"""What the service knows: packs of council text, read as checked, immutable values. Imports no other room."""
