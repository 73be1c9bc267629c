"""A small council of our own, written to a folder on demand, and the real engine with small parts."""

from __future__ import annotations

import os
import shutil
from datetime import date
from pathlib import Path
from typing import NoReturn

import pytest

from bot.engine import Engine, engine_of
from bot.indexing import Made
from knowledge.article import passages_of
from knowledge.pack import PACKS, Pack
from retrieval.confidence import Calibration
from retrieval.encoders import HashingEncoder
from retrieval.index import build_index
from retrieval.search import Encoders

TODAY = date(2026, 11, 23)
# Plain, for hashed words: straight lines, whose slopes count the evidence that hashing gives.
CALIBRATION = Calibration((0.5, 0.0, 3.0, 6.0, 2.0, 0.5, 0.0, 0.0, 0.0), bias=-3.3, threshold=0.5, floor=0.15)

LITTLE = {
    "pack.yaml": """
id: littleham
council: Littleham
languages: [en, pl]
local_names: [Littleham]
other_councils: [Bigtown, Ealing]
""",
    "sources.yaml": """
defaults: {copy_read: 2026-11-01, page_updated: unknown, checked_by: , checked: , review_by: 2027-05-01, owner: local_offer}
generations:
  G1: {says: "an old council page"}
  G4: {says: "a council page from this year"}
  own: {says: "Askwell's own note", ordered: false}
sources:
  askwell:
    title: Askwell's own note
    generation: own
  clubs:
    url: https://littleham.example/clubs
    title: Holiday clubs
    generation: G4
    page_updated: 1 September 2026
  fares:
    url: https://littleham.example/fares
    title: Bus fares
    generation: G1
    review_by: 2026-11-22
""",
    "contacts.yaml": """
local_offer: {name: Local Offer team, phone: 01632 960000, email: offer@littleham.example, source: clubs}
clubs: {name: clubs desk, phone: 01632 960001, source: clubs}
old_desk: {name: old desk, phone: 01632 960002, source: fares}
emergency: {name: emergency services, phone: "999", source: clubs, safeguarding: true}
mash_day: {name: children's team, phone: 01632 960003, source: fares, verify: true, safeguarding: true}
mash_night: {name: duty worker, phone: 01632 960004, source: fares, safeguarding: true}
nspcc: {name: NSPCC, phone: 0808 800 5000, source: clubs, safeguarding: true}
childline: {name: Childline, phone: 0800 1111, source: clubs, safeguarding: true}
nhs111: {name: NHS 111, phone: "111", source: clubs, safeguarding: true}
samaritans: {name: Samaritans, phone: 116 123, source: clubs, safeguarding: true}
shout: {name: Shout, phone: "85258", source: clubs, safeguarding: true}
papyrus: {name: Papyrus, phone: 0800 068 4141, source: clubs, safeguarding: true}
domestic_abuse: {name: Helpline, phone: 0808 2000 247, source: clubs, safeguarding: true}
mens_advice: {name: Men's line, phone: 0808 801 0327, source: clubs, safeguarding: true}
""",
    "queues.yaml": """
local_offer: {name: Local Offer team, handles: anything, contact: local_offer, order: 90}
clubs: {name: Clubs, handles: clubs, contact: clubs, order: 10}
safeguarding: {name: Children's team, handles: someone at risk, contact: mash_day, order: 0, standard: 1 working day, alarm: 4 working hours}
""",
    "glossary.yaml": """
terms:
  - {term: OT, stands_for: occupational therapy, means: Help with everyday skills., also: [sensory lady], misspelt: [ocupational therapy]}
""",
    "articles/clubs.md": """---
id: clubs
title: Holiday clubs
audience: [family]
topics: [clubs]
queue: clubs
---

## Ages for the holiday clubs {#ages}

```yaml
asked_as: [how old for holiday club, what age can she start at the play scheme, is 7 too young for clubs]
conditions: ["Your child lives in Littleham. [clubs]"]
steps: ["Ring the clubs desk on {phone:clubs}."]
```

Holiday clubs are for children aged 8 to 12. [clubs] Each club has two leaders. [clubs]

## What a club day costs {#cost}

```yaml
kind: unknown
asked_as: [price of a club day, how much do i pay for holiday club, club fees]
```

I do not have the price of a club day. [askwell]

- Ask the clubs desk on {phone:clubs}.

## Two ways to help {#which}

```yaml
kind: clarify
asked_as: [can you help, help please, i need help]
choices:
  - {label: Club ages, section: clubs#ages}
  - {label: Bus fares, section: fares#fare}
```

Which one do you mean? [askwell]
""",
    "articles/fares.md": """---
id: fares
title: Bus fares
audience: [family, senco]
topics: [travel]
queue: local_offer
---

## The bus fare for a child {#fare}

```yaml
asked_as: [how much is the bus, bus ticket price for my son, child fare on the 65 bus]
```

A child's fare was £1.20. [fares] Buses run every day. [fares]

## Who to ring about the bus {#desk}

```yaml
asked_as: [bus phone number, who runs the buses, ring about a late bus]
```

Ring the old desk on {phone:old_desk}. [fares]
""",
}


def write_pack(folder: Path, **changed: str) -> Path:
    """The little council's files in `folder`; `changed` replaces or adds files (with __ for / and _yaml for .yaml)."""
    files = {**LITTLE, **changed}
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text.lstrip("\n"), encoding="utf-8")
    hounslow = PACKS / "hounslow"
    shutil.copy(hounslow / "safeguarding.yaml", folder)
    shutil.copytree(hounslow / "safeguarding", folder / "safeguarding", dirs_exist_ok=True)
    shutil.copytree(hounslow / "phrases", folder / "phrases", dirs_exist_ok=True)
    return folder


def little_engine(pack: Pack, today: date = TODAY) -> Engine:
    """The real house with small parts: hashed words for an encoder, no classifier, a plain calibration."""
    encoder = HashingEncoder()
    index = build_index(passages_of(pack.articles), encoder)
    return engine_of(pack, Made(index, CALIBRATION), Encoders(encoder), lambda: today)


def must_run(reason: str) -> NoReturn:
    """A test whose tool is missing says so loudly; where CI asks for all of them, that is a failure."""
    if os.environ.get("REQUIRE_ALL") == "1":
        pytest.fail(f"NOT RUN: {reason}")
    pytest.skip(f"NOT RUN: {reason}")
