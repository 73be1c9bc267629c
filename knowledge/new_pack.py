"""A pack for another council: the files it needs, with what is the same everywhere, and what only its people know.

What is law or national (statutory dates, help in danger, phrases, the glossary of the field) is taken along. What is
Hounslow's own (articles, contacts, teams, rules) is not: each such file says what belongs in it.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from knowledge.pack import PACKS

MODEL = PACKS / "hounslow"
# The same for every council in England.
SHARED = ("safeguarding.yaml", "calendar.yaml", "safeguarding", "phrases")
_NAME = re.compile(r"[^\W\d_][\w' ’&.-]{1,60}")
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,250}[a-z0-9])?(?::\d{1,5})?")
# The numbers to ring in danger: national ones are filled in, local ones are for the council to give.
LINES = {
    "emergency": ("emergency services", "999"),
    "nhs111": ("NHS 111", "111"),
    "nspcc": ("NSPCC", "0808 800 5000"),
    "childline": ("Childline", "0800 1111"),
    "samaritans": ("Samaritans", "116 123"),
    "shout": ("Shout, by text", "85258"),
    "papyrus": ("Papyrus HOPELINE247", "0800 068 4141"),
    "domestic_abuse": ("National Domestic Abuse Helpline", "0808 2000 247"),
    "mens_advice": ("Men's Advice Line", "0808 801 0327"),
}
LOCAL = {"mash_day": "children's services, by day", "mash_night": "children's services, at night"}


def scaffold(folder: Path, council: str, site: str = "") -> int:
    """Write the pack; how many files. Raises `ValueError` for a folder that is there, or a name that is none."""
    name, host = " ".join(council.split()), site.strip().lower()
    if not _NAME.fullmatch(name):
        raise ValueError("Give the council's name in words, such as 'Littleham'.")
    if host and not _HOST.fullmatch(host):
        raise ValueError("Give the host alone, such as www.example.gov.uk.")
    if folder.exists():
        raise ValueError(f"{folder} is there already. Name another folder.")
    folder.mkdir(parents=True)
    for shared in SHARED:
        from_ = MODEL / shared
        (shutil.copytree if from_.is_dir() else shutil.copy)(from_, folder / shared)
    for path, text in _files(name, host, folder.name).items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return sum(1 for file in folder.rglob("*") if file.is_file())


def _files(name: str, host: str, folder: str) -> dict[str, str]:
    id = re.sub(r"[^a-z0-9]+", "-", folder.lower()).strip("-") or "council"
    prefix = (re.sub(r"[^A-Z]", "", name.upper()) + "XX")[:2]
    quoted = name.replace('"', "'")
    return {
        "pack.yaml": PACK.format(id=id, name=quoted, prefix=prefix),
        "sources.yaml": SOURCES,
        "contacts.yaml": _contacts(quoted),
        "queues.yaml": QUEUES,
        "glossary.yaml": GLOSSARY,
        "documents.yaml": DOCUMENTS.format(site=SITE.format(host=host) if host else NO_SITE),
        "articles/start.md": START.format(name=quoted),
        "READ-ME.md": READ_ME.format(name=quoted),
    }


def _contacts(name: str) -> str:
    rows = [f'local_offer: {{name: "{name} Local Offer team", source: askwell, verify: true}}']
    rows += [
        f'{id}: {{name: "{said}", phone: "{phone}", source: askwell, safeguarding: true, verify: true}}'
        for id, (said, phone) in LINES.items()
    ]
    rows += [
        f'{id}: {{name: "{said}", phone: "999", source: askwell, safeguarding: true, verify: true}}'
        for id, said in LOCAL.items()
    ]
    head = "# Every number, once. Children's services have their own: until the council gives them, 999 stands in.\n"
    return head + "\n".join(rows) + "\n"


PACK = """# Who this is for. `other_councils` are the neighbours families may take for this one.
id: {id}
council: "{name}"
reference_prefix: {prefix}
languages: [en]
local_names: ["{name}"]
other_councils: []
"""
SOURCES = """# Every page the pack quotes, once. Pages read by `askwell sources` need no row here.
defaults:
  copy_read: 2026-01-01
  page_updated: unknown
  review_by: 2099-01-01
  owner: local_offer
generations:            # later in this list beats earlier
  older: {says: "an older council page"}
  current: {says: "a council page of today"}
  own: {says: "Askwell's own note, not council policy", ordered: false}
sources:
  askwell:
    title: Askwell's own note
    generation: own
"""
QUEUES = """# The teams that answer families. Give each its hours and how soon it promises a reply.
local_offer: {name: Local Offer team, handles: anything, contact: local_offer, order: 90}
send: {name: SEN team, handles: "EHC plans and assessments", contact: local_offer, order: 20}
privacy: {name: Information governance, handles: personal data, contact: local_offer, order: 45}
safeguarding:
  name: Children's services
  handles: someone at risk
  contact: mash_day
  order: 0
  standard: 1 working day
  alarm: 4 working hours
"""
GLOSSARY = """terms:
  - term: SEND
    stands_for: special educational needs and disabilities
    means: When a child learns or lives with more help than others of their age.
  - term: EHC plan
    stands_for: education, health and care plan
    means: A legal document that says what help a child must get.
    also: [EHCP]
  - term: SENCO
    stands_for: special educational needs co-ordinator
    means: The teacher who looks after help for children with SEND in a school.
"""
DOCUMENTS = """# What may be read, and how. `wait` for an editor: always, changed (what is in use already), or never.
wait: always
defaults: {{owner: local_offer, generation: current, review_days: 182}}
sites:{site}
"""
SITE = """
  "{host}":
    start: ["https://{host}/sitemap.xml"]
    pages: 500
    pause: 1"""
NO_SITE = " {}"
START = """---
id: start
title: About this service
audience: [family, senco]
topics: [about]
queue: local_offer
---

## What you can ask {{#what}}

```yaml
asked_as: [what can you help with, what can i ask here, what is this]
```

You can ask about special educational needs in {name}. [askwell] I show what the council's pages say. [askwell]

## Speak to a person {{#person}}

```yaml
kind: handoff
asked_as: [can i talk to a person, speak to someone, i want a human]
```

You can speak to the Local Offer team. [askwell]
"""
READ_ME = """# A pack for {name}

1. `contacts.yaml`: give the council's own numbers. Nothing goes public before those of children's services are there.
2. `queues.yaml`: the teams, their hours, how soon they promise a reply.
3. `documents.yaml`: which of the council's pages may be read. Then `askwell sources refresh`, `diff` and `approve`.
4. `articles/`: what families ask most, in the council's own plain words. The format is in `knowledge/README.md`.
5. `askwell check` finds what is wrong; `askwell check --launch` lists what the council must supply or verify.

Run it with `ASKWELL_PACK` set to this folder.
"""
