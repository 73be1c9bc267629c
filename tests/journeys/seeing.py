"""How a page is looked at in a real browser: with axe, for sideways scroll, covered focus and small targets."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDE: dict[str, Any] = {"viewport": {"width": 1280, "height": 900}}
# A 1280-pixel window at 400 % is 320 by 256 (WCAG 1.4.10).
SMALL: dict[str, Any] = {"viewport": {"width": 320, "height": 256}, "color_scheme": "dark"}

_COVERED = """(() => {
  const e = document.activeElement;
  if (!e || e === document.body) return "";
  const b = e.getBoundingClientRect();
  const x = Math.min(Math.max(b.left + Math.min(b.width, 300) / 2, 1), innerWidth - 1);
  const y = Math.min(Math.max(b.top + Math.min(b.height, 200) / 2, 1), innerHeight - 1);
  const at = document.elementFromPoint(x, y);
  const label = e.labels && [...e.labels].some((one) => one.contains(at));
  return at && (e.contains(at) || at.contains(e) || label) && b.bottom > 0 && b.top < innerHeight ? "" : e.outerHTML;
})()"""
_SMALL_TARGETS = """[...document.querySelectorAll('button, select, textarea, summary, input:not([type=hidden]), a')]
  .filter((e) => { const b = e.getBoundingClientRect(); const inline = e.matches('a') && e.closest('p, li, dd, h2, td') &&
    getComputedStyle(e).display === 'inline'; return b.width && !e.matches('.cite, .skip') && !inline && b.height < 44; })
  .map((e) => e.outerHTML.slice(0, 120))"""


def without_script(context: Any) -> Any:
    """The same pages with none of our script: the checker itself needs a browser that runs scripts."""
    context.route("**/static/page.*.js", lambda route: route.abort())
    return context


def faults_of(page: Any) -> list[Any]:
    """What axe has against the page: each rule with the markup it names."""
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": TAGS}}).response["violations"]
    return [(fault["id"], [node["html"][:200] for node in fault["nodes"]]) for fault in found]


def scrolls_sideways(page: Any) -> bool:
    """Whether the page is wider than its window."""
    return bool(page.evaluate("document.documentElement.scrollWidth > window.innerWidth"))


def small_targets(page: Any) -> list[str]:
    """What can be pressed but is lower than 44 pixels; links within a sentence are not counted (WCAG 2.5.8)."""
    found: list[str] = page.evaluate(_SMALL_TARGETS)
    return found


def covered_on_the_way(page: Any, steps: int = 60) -> list[str]:
    """What has the focus and cannot be seen, on a walk through the page by Tab."""
    covered = []
    for _ in range(steps):
        page.keyboard.press("Tab")
        hidden = page.evaluate(_COVERED)
        if hidden:
            covered.append(hidden[:200])
        if page.evaluate("document.activeElement === document.body"):
            break
    return covered


def looked_at(page: Any) -> dict[str, Any]:
    """Everything that is wrong with the page as it stands: nothing, when all is well."""
    wrong = {
        "axe": faults_of(page),
        "sideways": scrolls_sideways(page),
        "small": small_targets(page),
        "covered": covered_on_the_way(page),
    }
    return {what: found for what, found in wrong.items() if found}
