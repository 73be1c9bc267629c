"""Saved replies: the pack's own are sound, and a number without its source, or a source that is not there, is found."""

from __future__ import annotations

from pathlib import Path

from knowledge.check import check_pack
from knowledge.pack import PACKS, load_pack
from knowledge.saved_replies import check_saved_replies, read_saved_replies


def test_the_packs_own_replies_are_sound_and_a_number_without_a_source_is_found(tmp_path: Path) -> None:
    pack = load_pack(PACKS / "hounslow")
    assert pack.replies and not [one for one in check_pack(pack) if one.path == "replies.yaml"]
    (tmp_path / "replies.yaml").write_text(
        "a: {title: A, text: It takes 6 weeks.}\nb: {title: B, text: 'Ask {contact:nobody}.', sources: [nowhere]}\n"
    )
    replies, problems = read_saved_replies(tmp_path)
    assert not problems
    said = [one.message for one in check_saved_replies(replies, pack.sources, pack.contacts)]
    assert len(said) == 3 and "needs its source" in said[0]
    (tmp_path / "replies.yaml").write_text("a: {title: A}\n")
    assert read_saved_replies(tmp_path)[1]
