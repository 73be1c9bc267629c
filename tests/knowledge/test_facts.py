"""Every fact is said somewhere, or there is a reason."""

from pathlib import Path

from little_council import write_pack

from knowledge.facts import fact_places, missing_facts
from knowledge.pack import load_pack, pack_folder


def test_every_fact_of_hounslow_has_its_place():
    pack = load_pack(pack_folder("hounslow"))
    places = fact_places(pack)
    assert len(places) == 232
    assert missing_facts(pack) == []
    assert next(place for place in places if place.fact == "MIP-02").sections[0] == "mip-schools#started"
    assert next(place for place in places if place.fact == "SIA-02").unknown


def test_a_fact_that_is_nowhere_is_told(tmp_path: Path):
    folder = write_pack(tmp_path / "p", **{"facts.yaml": "facts: {X: [X-1, X-2]}\nleft_out: {X-2: not ours}\n"})
    assert [str(problem) for problem in missing_facts(load_pack(folder))] == [
        "facts.yaml:1: X-1 is in no section: say it, or give the reason it is left out"
    ]
