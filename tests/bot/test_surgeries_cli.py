"""`askwell surgeries`, `askwell book` and `askwell demo` as people run them."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
import vobject
from click.testing import Result
from typer.testing import CliRunner

from bot.cli import cli

HEAD = "code,date,start,end,area,venue,minutes,places,features\n"


@pytest.fixture
def office(tmp_path: Path, little_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ASKWELL_PACK", str(little_folder))
    monkeypatch.setenv("ASKWELL_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    return tmp_path


def askwell(*arguments: str, typed: str | None = None) -> Result:
    return CliRunner().invoke(cli, arguments, input=typed)


def plan_file(office: Path, *rows: str) -> str:
    file = office / "surgeries.csv"
    file.write_text(HEAD + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return str(file)


def day(weeks: int) -> str:
    """A Tuesday some weeks from now."""
    today = date.today()
    return (today + timedelta(days=(1 - today.weekday()) % 7, weeks=weeks)).isoformat()


def test_sessions_are_imported_published_listed_booked_moved_and_withdrawn(office: Path) -> None:
    file = plan_file(office, f"a,{day(3)},9:30,10:30,West,Library,20,1,step_free", f"b,{day(5)},9:30,10:30,,Hall,20,1,")
    assert askwell("surgeries", "import", file, "--check").exit_code == 0
    assert askwell("surgeries", "list").stdout == ""
    assert "2 new" in askwell("surgeries", "import", file).stderr
    assert "0 new, 0 changed" in askwell("surgeries", "import", file).stderr
    assert askwell("surgeries", "publish", "a", "b").exit_code == 0
    booked = askwell("book", "--ics", str(office / "a.ics"), typed="1\n1\n1\n1\n2\n\n\n\nAmina\n1\n\n")
    assert booked.exit_code == 0, booked.output
    token = re.search(r"appointment: (\S{32})", booked.stdout)
    assert token and "AW-B-" in booked.stdout
    assert vobject.readOne((office / "a.ics").read_text(encoding="utf-8")).vevent.location.value == "Library"
    assert "1 of 3 places, 1 bookings" in askwell("surgeries", "list").stdout
    assert "Amina" in askwell("surgeries", "door-list", "a").stdout
    assert "1 bookings were told" in askwell("surgeries", "move", "a", "--day", day(4)).stderr
    assert "1 bookings were told" in askwell("surgeries", "withdraw", "a").stderr
    looked = askwell("book", "--link", f"https://x/booking/{token[1]}")
    assert "The council has called this session off" in looked.stdout
    changed = askwell("book", "--link", token[1], "--change", typed="1\n2\n\n")
    assert "Hall" in changed.stdout and changed.exit_code == 0, changed.output
    assert "cancelled" in askwell("book", "--link", token[1], "--cancel").stdout
    assert "1 of 3" not in askwell("surgeries", "list").stdout


def test_a_file_with_a_wrong_line_keeps_nothing_and_names_the_line(office: Path) -> None:
    file = plan_file(office, f"a,{day(3)},9:30,10:30,,V,20,1,", "b,2020-01-07,9:30,10:30,,V,20,1,")
    done = askwell("surgeries", "import", file)
    assert done.exit_code == 1 and "surgeries.csv:3: Tuesday 7 January 2020 at 09:30 is in the past" in done.stderr
    assert askwell("surgeries", "list").stdout == ""


def test_a_series_is_planned_from_one_session(office: Path) -> None:
    file = plan_file(office, f"west,{day(3)},9:30,10:30,,V,20,1,")
    codes = askwell("surgeries", "plan", file, "--months", "3").stdout.split()
    assert len(codes) == 3 and all(re.fullmatch(r"west-\d{4}-\d{2}", code) for code in codes)
    assert askwell("surgeries", "list").stdout.count("draft") == 3


def test_what_cannot_be_done_is_said_plainly(office: Path) -> None:
    for arguments in (["publish", "x"], ["withdraw", "x"], ["door-list", "x"], ["arrived", "AW-B-XXXXX"]):
        done = askwell("surgeries", *arguments)
        assert done.exit_code == 1 and "There is no" in done.stderr, done.output
    assert askwell("surgeries", "move", "x", "--day", "soon").exit_code == 2
    gone = askwell("book", "--link", "made-up")
    assert gone.exit_code == 1 and "This link does not open an appointment" in gone.stderr


def test_with_nothing_published_the_terminal_says_so_with_the_route(office: Path) -> None:
    done = askwell("book", typed="")
    assert "The council has not published SEND Surgery dates." in done.stderr and "01632 960000" in done.stderr


def test_the_demo_is_marked_as_made_up_and_never_joins_real_sessions(office: Path) -> None:
    assert askwell("demo").exit_code == 0
    assert askwell("demo").exit_code == 0
    listed = askwell("surgeries", "list").stdout
    assert listed.count("EXAMPLE") == len(listed.splitlines()) == 4
    assert "EXAMPLE ONLY" in askwell("book", typed="").stderr


def test_where_real_sessions_are_no_example_is_loaded(office: Path) -> None:
    askwell("surgeries", "import", plan_file(office, f"a,{day(3)},9:30,10:30,,V,20,1,"))
    done = askwell("demo")
    assert done.exit_code == 1 and "There are real sessions here" in done.stderr
