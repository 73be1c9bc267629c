"""What Littleham publishes: 300 pages and files, each about one made-up service with facts of its own."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

from littleham_site import Website
from papers import pdf, sheet, web_page, word

PLACES = "harbour meadow paddock quarry lighthouse windmill viaduct cloister brewery granary".split()
PLACES += "boathouse foundry pavilion aqueduct tannery".split()
ANIMALS = "otter kestrel badger plover osprey dormouse curlew weasel magpie pigeon".split()
ANIMALS += "hedgehog lapwing stoat puffin bittern sparrow walrus beaver lobster cricket".split()
KINDS = ["music club", "swimming club", "drawing club", "sensory room", "short break"]


@dataclass(frozen=True)
class Service:
    """One service: where it is published, what it is called, and its facts."""

    number: int
    name: str
    path: str

    @property
    def fee(self) -> str:
        return f"£{3 + self.number % 90}.{self.number % 10}0"

    @property
    def youngest(self) -> int:
        return 3 + self.number % 9

    @property
    def sections(self) -> list[tuple[str, list[str]]]:
        return [
            (
                f"Who the {self.name} is for",
                [f"The {self.name} takes children from age {self.youngest}. A child needs no plan to come."],
            ),
            (f"What the {self.name} costs", [f"A session at the {self.name} costs {self.fee}. Siblings pay half."]),
        ]


def services() -> list[Service]:
    """300 of them: 240 pages, 20 PDFs, 20 DOCX, 20 XLSX."""
    made = []
    for number, (place, animal) in enumerate(product(PLACES, ANIMALS)):
        name = f"{place} {animal} {KINDS[number % len(KINDS)]}"
        ending = {0: ".pdf", 1: ".docx", 2: ".xlsx"}.get(number % 15, "")
        made.append(Service(number, name, f"/send/{name.lower().replace(' ', '-')}{ending}"))
    return made


def published(one: Service) -> bytes:
    """The service as it is published."""
    if one.path.endswith(".pdf"):
        return pdf(one.name, one.sections)
    if one.path.endswith(".docx"):
        return word(one.name, one.sections)
    if one.path.endswith(".xlsx"):
        return sheet([["Service", "From age", "A session costs"], [one.name, str(one.youngest), one.fee]], one.name)
    return web_page(one.name, one.sections)


def littleham(all_of_them: list[Service]) -> Website:
    """The website: a sitemap for some, links for the rest; lists of links are pages too."""
    site = Website({one.path: published(one) for one in all_of_them})
    links = "".join(f'<li><a href="{one.path}">{one.name}</a></li>' for one in all_of_them[::2])
    listed = [("All services", ["Services are listed here, one below another."])]
    site.pages["/send/"] = web_page("Services in Littleham", listed, extra=f"<ul>{links}</ul>")
    return site


def sitemap(site: Website, all_of_them: list[Service]) -> bytes:
    """Half of the services; the others are found by links."""
    places = "".join(f"<url><loc>{site.url(one.path)}</loc></url>" for one in all_of_them[1::2])
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{places}</urlset>'.encode()
