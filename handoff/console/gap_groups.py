"""Unanswered questions put together: what many ask is one gap. What few ask is counted and shown to nobody. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from handoff.gaps import Unanswered

# Words that fewer than this many people asked could point to one family.
FEWEST_PEOPLE = 3
MOST_EXAMPLES = 5


@dataclass(frozen=True)
class Gap:
    """Questions that ask the same. `id` is the latest one's; `people` asked, each counted once."""

    id: str
    questions: tuple[Unanswered, ...]
    people: int

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(one.id for one in self.questions)

    @property
    def examples(self) -> tuple[str, ...]:
        """The different ways in which it was asked, a few of them."""
        texts = dict.fromkeys(" ".join(one.text.split())[:200] for one in self.questions)
        return tuple(texts)[:MOST_EXAMPLES]

    @property
    def why(self) -> Counter[str]:
        return Counter(one.why for one in self.questions)


@dataclass(frozen=True)
class Gaps:
    """The gaps that may be shown, what most people asked first, and how many questions are in none of them."""

    shown: tuple[Gap, ...]
    hidden: int


def gaps_in(
    questions: Sequence[Unanswered],
    group: Callable[[Sequence[str]], Sequence[int]],
    joined: Iterable[tuple[str, str]] = (),
) -> Gaps:
    """The questions in groups: `group` gives each text the number of its group, `joined` are ids that belong together.

    Only what may be shown by itself is put together: a few people's words never appear because of it.
    """
    numbers = dict(zip([one.id for one in questions], group([one.text for one in questions]), strict=True))
    together: dict[int, list[Unanswered]] = {}
    for question in questions:
        together.setdefault(numbers[question.id], []).append(question)
    for one, other in joined:
        first, second = (together.get(numbers.get(id, -1), []) for id in (one, other))
        if first is second or min(_people(first), _people(second)) < FEWEST_PEOPLE:
            continue
        first.extend(second)
        del together[numbers[other]]
        numbers |= {moved.id: numbers[one] for moved in second}
    for ones in together.values():
        ones.sort(key=lambda one: (one.at, one.id), reverse=True)
    every = [Gap(ones[0].id, tuple(ones), _people(ones)) for ones in together.values()]
    shown = [gap for gap in every if gap.people >= FEWEST_PEOPLE]
    hidden = sum(len(gap.questions) for gap in every if gap.people < FEWEST_PEOPLE)
    return Gaps(tuple(sorted(shown, key=lambda gap: (-gap.people, gap.id))), hidden)


def _people(questions: Sequence[Unanswered]) -> int:
    return len({one.person_id for one in questions})
