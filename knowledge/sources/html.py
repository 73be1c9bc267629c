"""Web pages: the council's own text under its headings, without menus; tables row by row; anchors and dates kept."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser, LexborNode

from knowledge.sources.document import Document, Format, Trouble
from knowledge.sources.gathering import Gatherer, written_out
from knowledge.sources.site import Site

# What is no text of the page, whatever the site.
NOISE = (
    "script, style, noscript, template, svg, iframe, object, form, nav, footer, aside, [role=navigation],"
    " [role=search], [role=contentinfo]"
)
MAIN = ("main", "[role=main]", "article", "#content")
# Less than this under `main` and the page is built in some other way.
FEWEST_LETTERS = 20
DEEPEST = 400
MOST_NODES = 300_000
_BLOCKS = frozenset(
    "address article blockquote body caption center dd details div dl dt fieldset figcaption figure hr html li main ol"
    " p pre section summary ul br".split()
)
_HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|font-size\s*:\s*0|opacity\s*:\s*0(?:\.0\d*)?\s*(?:;|$)"
    r"|(?:left|top|text-indent|right)\s*:\s*-\d{3,}|clip\s*:\s*rect\(\s*0|clip-path\s*:\s*inset\(\s*(?:50|100)%"
    r"|(?:width|height|max-height)\s*:\s*0(?:px)?\s*(?:;|$)"
    r"|(?<![-\w])color\s*:\s*(?:#fff(?:fff)?\b|white\b|transparent\b|rgba?\(\s*255\s*,\s*255\s*,\s*255)",
    re.IGNORECASE,
)
_DATE = re.compile(r"\b(\d{4}-\d{2}-\d{2})")
_DATED = ("article:modified_time", "og:updated_time", "DCTERMS.modified", "dc.date.modified", "last-modified")


def read_html(data: bytes, site: Site | None = None, url: str = "") -> Document:
    """The page's own text. `site` says where it stands on this council's pages."""
    tree = LexborHTMLParser(data)
    gathered = Gatherer(Format.HTML, _title(tree))
    canonical, links, updated = _canonical(tree, url), _links(tree, url), _updated(tree, data)
    _set_hidden_aside(tree, gathered)
    root = _root(tree, site or Site())
    if root is not None:
        for node in root.css(NOISE):
            node.decompose()
        for selector in (site or Site()).drop:
            for node in root.css(selector):
                node.decompose()
        _walk(root, gathered)
    if root is None or (not gathered.parts and not gathered._pieces):
        _by_guess(data, gathered)
    return gathered.done(updated=updated, canonical=canonical, links=links)


def _title(tree: LexborHTMLParser) -> str:
    first = tree.css_first("h1")
    said = first.text(strip=True) if first is not None else ""
    title = tree.css_first("title")
    full = title.text(strip=True) if title is not None else ""
    return said or re.split(r"\s+[|–—]\s+", full)[0]


def _canonical(tree: LexborHTMLParser, url: str) -> str | None:
    node = tree.css_first("link[rel=canonical]")
    given = (node.attributes.get("href") or "").strip() if node is not None else ""
    return _joined(url, given)


def _links(tree: LexborHTMLParser, url: str) -> tuple[str, ...]:
    found = (_joined(url, (node.attributes.get("href") or "").strip()) for node in tree.css("a[href]")[:5_000])
    return tuple(dict.fromkeys(link for link in found if link))


def _joined(url: str, given: str) -> str | None:
    if not given or given.startswith("#"):
        return None
    try:
        made = urljoin(url, given) if url else given
    except ValueError:
        return None
    return made.partition("#")[0] if made.lower().startswith(("http://", "https://")) else None


def _updated(tree: LexborHTMLParser, data: bytes) -> str | None:
    for node in tree.css("meta[content]"):
        name = (node.attributes.get("property") or node.attributes.get("name") or "").lower()
        found = _DATE.search(node.attributes.get("content") or "")
        if found and name in [one.lower() for one in _DATED]:
            return found[1]
    for node in tree.css("time[datetime]"):
        words = node.parent.text() if node.parent is not None else ""
        found = _DATE.search(node.attributes.get("datetime") or "")
        if found and re.search(r"updated|modified|reviewed|changed", words, re.IGNORECASE):
            return found[1]
    return _guessed_date(data)


def _guessed_date(data: bytes) -> str | None:
    """What htmldate makes of the page, where the page says it in words."""
    if not re.search(rb"updated|modified|published|reviewed", data, re.IGNORECASE):
        return None
    from htmldate import find_date  # noqa: PLC0415  heavy, and most pages say it in their head

    try:
        found = find_date(data, original_date=False, extensive_search=False)
        return str(found) if found else None
    except Exception:  # what a stranger's page makes of another library is no reason to lose the page
        return None


def _set_hidden_aside(tree: LexborHTMLParser, gathered: Gatherer) -> None:
    """Text no reader sees is no part of the page. What it said is reported, a line for each place."""
    for node in tree.css("[style], [hidden], [aria-hidden=true], input[type=hidden], .visually-hidden, .sr-only"):
        style, classes = node.attributes.get("style") or "", node.attributes.get("class") or ""
        hidden = "hidden" in node.attributes or node.attributes.get("aria-hidden") == "true"
        if not (hidden or _HIDDEN.search(style) or "visually-hidden" in classes or "sr-only" in classes):
            continue
        words = " ".join(node.text(separator=" ").split())
        if len(words) > 40 or (words and _HIDDEN.search(style)):
            gathered.report(Trouble.HIDDEN, "the page", words)
        node.decompose()


def _root(tree: LexborHTMLParser, site: Site) -> LexborNode | None:
    for selector in (*([site.content] if site.content else ()), *MAIN):
        node = tree.css_first(selector)
        if node is not None and len(node.text(strip=True)) >= FEWEST_LETTERS:
            return node
    return None


def _walk(root: LexborNode, gathered: Gatherer) -> None:
    """The text below `root` in reading order; headings, items and table rows as what they are."""
    words: list[str] = []
    item = False

    def flush() -> None:
        gathered.piece("".join(words), is_item=item)
        words.clear()

    for node, entering in _nodes(root):
        tag = node.tag or ""
        if tag in _HEADINGS:
            if entering:
                flush()
                gathered.heading(node.text(separator=" "), _anchor(node))
        elif tag == "table":
            if entering:
                flush()
                _table(node, gathered)
        elif tag in _BLOCKS or tag in ("tr", "td", "th"):
            flush()
            if tag == "li":
                item = entering
        elif tag == "-text" and entering:
            words.append(node.text_content or "")
    flush()


def _nodes(root: LexborNode) -> Iterator[tuple[LexborNode, bool]]:
    """Every node below `root`, entered and left, without recursion; inside headings and tables nothing."""
    node, depth, count = root.child, 1, 0
    while node is not None and count < MOST_NODES:
        count += 1
        yield node, True
        inner = node.child if node.tag not in (*_HEADINGS, "table") and depth < DEEPEST else None
        if inner is not None:
            node, depth = inner, depth + 1
            continue
        yield node, False
        while node.next is None:
            parent = node.parent
            depth -= 1
            if parent is None or depth < 1:
                return
            node = parent
            yield node, False
        node = node.next


def _anchor(node: LexborNode) -> str:
    """The page's own mark for a heading: its id, or that of a link inside it."""
    own = node.attributes.get("id")
    if own:
        return own
    inner = node.css_first("a[id], a[name], span[id]")
    return (inner.attributes.get("id") or inner.attributes.get("name") or "") if inner is not None else ""


def _table(table: LexborNode, gathered: Gatherer) -> None:
    names: list[str] = []
    for row in table.css("tr")[:5_000]:
        heads = [cell.text(separator=" ") for cell in row.css("th")]
        cells = [cell.text(separator=" ") for cell in row.css("th, td")]
        if heads and len(heads) == len(cells) and not names:
            names = cells
            continue
        gathered.piece(written_out(names, cells), is_item=True)


def _by_guess(data: bytes, gathered: Gatherer) -> None:
    """A page with no main part: trafilatura finds the text; its headings and tables are kept."""
    from trafilatura import bare_extraction  # noqa: PLC0415  heavy, and most pages say where their text is

    try:
        found = bare_extraction(data, include_tables=True, include_comments=False, with_metadata=False)
    except Exception:  # a page it cannot read has no text that we can stand on
        return
    body = getattr(found, "body", None)
    for element in body.iter() if body is not None else ():
        words = " ".join(element.itertext())
        if element.tag == "head":
            gathered.heading(words)
        elif element.tag in ("item", "row"):
            cells = [" ".join(cell.itertext()) for cell in element] if element.tag == "row" else [words]
            gathered.piece(written_out([], cells), is_item=True)
        elif element.tag in ("p", "quote"):
            gathered.piece(words)
