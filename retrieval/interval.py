"""How sure a share is, from so many cases."""

from __future__ import annotations

from math import sqrt

NORMAL_95 = 1.959964


def wilson(hits: int, total: int) -> tuple[float, float]:
    """The Wilson score interval, 95%, for `hits` out of `total` (Wilson 1927); (0, 1) when there is none."""
    if not total:
        return 0.0, 1.0
    share, z2 = hits / total, NORMAL_95**2
    middle = (share + z2 / (2 * total)) / (1 + z2 / total)
    half = NORMAL_95 / (1 + z2 / total) * sqrt(share * (1 - share) / total + z2 / (4 * total**2))
    return max(0.0, middle - half), min(1.0, middle + half)
