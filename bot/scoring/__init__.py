"""Answers marked against a set of questions: read both, judge each answer, sum up, print."""

from __future__ import annotations

from bot.scoring.items import Answer, Item, read_answers, read_items
from bot.scoring.summary import Block, Summary, summarise, table
from bot.scoring.verdicts import Verdict, judge, judge_all

__all__ = [
    "Answer",
    "Block",
    "Item",
    "Summary",
    "Verdict",
    "judge",
    "judge_all",
    "read_answers",
    "read_items",
    "summarise",
    "table",
]
