"""A figure is read as it is meant: with what it counts, and how it bounds."""

import pytest

from knowledge.figures import figures_in, without_figures


@pytest.mark.parametrize(
    ("sentence", "figures"),
    [
        ("You have at least 15 days.", [">= 15 day"]),
        ("You have 15 days or more.", [">= 15 day"]),
        ("It takes up to 20 weeks.", ["<= 20 week"]),
        ("It takes no longer than 20 weeks.", ["<= 20 week"]),
        ("It runs until they turn 25.", ["<= 25"]),
        ("It runs up to your child's 25th birthday.", ["<= 25"]),
        ("She is 16 or over.", [">= 16"]),
        ("She is under 16.", ["< 16"]),
        ("More than 2 miles (under 8) or 3 miles (8 and over).", ["> 2 mile", "< 8", "3 mile", ">= 8"]),
        ("Ages 5 to 16.", ["5-16"]),
        ("You get two months, not one month.", ["2 month", "1 month"]),
        ("One is enough.", []),
        ("It costs £1,200.50 or 70%.", ["£1,200.50", "70%"]),
        ("From September 2025, or on 10 March 2025.", [">= september 2025 date", "10 march 2025 date"]),
        ("You may ask in May 2026.", ["may 2026 date"]),
        ("It is held monthly.", ["1 each month"]),
        ("It is held every month.", ["1 each month"]),
        ("Clusters meet each half term.", ["1 each half term"]),
        ("From Year 9, by week 6.", [">= 9 year number", "<= 6 week number"]),
    ],
)
def test_figures_are_read_with_unit_and_bound(sentence: str, figures: list[str]):
    assert [str(figure) for figure in figures_in(sentence)] == figures


def test_a_bound_said_once_may_hold_for_the_next_of_its_kind():
    _, second = figures_in("It is over 2 miles, or 3 miles.")
    said, other = figures_in("It is over 3 miles.")[0], figures_in("It is under 3 miles.")[0]
    assert second.means(said) and not second.means(other)


def test_a_bound_is_not_lost_and_not_added():
    at_least, bare = figures_in("At least 15 days.")[0], figures_in("15 days.")[0]
    assert not at_least.means(bare) and not bare.means(at_least)


def test_what_is_left_without_its_figures():
    assert "15" not in without_figures("You have no less than 15 days.")
    assert "no less" not in without_figures("You have no less than 15 days.")
