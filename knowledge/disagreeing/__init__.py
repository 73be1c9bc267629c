"""Finding where two sources say different things about one subject, before a family does."""
