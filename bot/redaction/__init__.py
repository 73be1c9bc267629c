"""Personal data out, question kept: replaces names, numbers and addresses in a message, in memory."""

from bot.redaction.engine import redact
from bot.redaction.spans import LABELS, Redacted, Redaction
from bot.redaction.vocabulary import PROPER_NOUNS

__all__ = ["LABELS", "PROPER_NOUNS", "Redacted", "Redaction", "redact"]
