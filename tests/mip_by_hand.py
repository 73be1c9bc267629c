"""The decision table once more, written from its prose (domain.md section 5) and from nothing else.

Each row is a function of what was given, in the table's own words: "go", "ask", "refer", "no" or "safety".
It shares no code and no data with the rules file, so that two readings of one text can be compared.
"""

from datetime import date

INFERRED = {4, 7, 14, 15, 17, 19}
EARLY_YEARS_FROM = date(2025, 9, 1)


def get(given: dict, key: str):
    value = given.get(key)
    return None if value == "unknown" else value


def day(given: dict) -> date | None:
    value = get(given, "date")
    return date.fromisoformat(value) if value else None


def age_band(given: dict) -> str | None:
    """The age when there is one; else what the school year settles. Reception and Year 11 straddle a birthday."""
    age, year = get(given, "age"), get(given, "school_year")
    if age is not None:
        return "under 5" if age < 5 else "16+" if age >= 16 else "5 to 15"
    if year == "nursery":
        return "under 5"
    if isinstance(year, int) and 1 <= year <= 10:
        return "5 to 15"
    return "16+" if isinstance(year, int) and year >= 12 else None


def row_1(g):
    return {"senco": "go", "ey_send_lead": "go", "parent": "no", None: "ask"}[get(g, "asker")]


def row_2(g):
    setting, here = get(g, "setting"), get(g, "setting_in_hounslow")
    if setting == "special_school":
        return "no"
    if setting is None or (setting == "mainstream_school" and here is None):
        return "ask"
    return "go"  # met, or left to rows 3 and 4


def row_3(g):
    if get(g, "setting") != "early_years":
        return "go"
    if day(g) and day(g) < EARLY_YEARS_FROM:
        return "no"
    if day(g) is None or get(g, "setting_in_hounslow") is None:
        return "refer"
    return "go"


def row_4(g):
    setting = get(g, "setting")
    if setting in ("independent", "college", "pru", "sen_centre"):
        return "refer"
    return (
        "refer" if setting in ("mainstream_school", "early_years") and get(g, "setting_in_hounslow") is False else "go"
    )


def row_5(g):
    if get(g, "setting") == "early_years":
        return "go"
    band = age_band(g)
    if band == "under 5":  # row 3: early years, which came in on 1 September 2025
        return "no" if day(g) and day(g) < EARLY_YEARS_FROM else "refer"
    return "go" if band == "5 to 15" else "refer"


def row_6(g):
    return {"none": "go", "in_force": "no", None: "ask"}[get(g, "ehcp")]


def row_7(g):
    return {"none": "go", "refused": "go", "in_progress": "refer", None: "ask"}[get(g, "ehc_assessment")]


def row_8(g):
    return {"sen_support": "go", "no_send": "no", None: "refer"}[get(g, "send_status")]


def row_9(g):
    return {"exceptional": "go", "met_by_oap": "no", None: "refer"}[get(g, "needs")]


def row_10(g):
    return {"recorded": "go", "not_tried": "no", None: "refer"}[get(g, "apdr")]


def row_11(g):
    consent = get(g, "consent")
    if consent in ("refused", "withdrawn"):
        return "no"
    if consent in ("one_declined", "carer_only"):
        return "refer"
    if consent in ("written", "verbal"):
        return "refer" if get(g, "looked_after") is True else "go"
    return "ask"


def row_12(g):
    return "go" if get(g, "views") == "gathered" else "ask"


def row_13(g):
    return "go" if get(g, "submission") in ("one_child", "defined_group") else "ask"


def row_14(g):
    return "go" if get(g, "lives_in_hounslow") is True else "refer"


def row_15(g):
    return "go"  # off by default


def row_16(g):
    return {"none": "go", "mip": "refer", None: "ask"}[get(g, "existing_support")]


def row_17(g):
    return "ask" if get(g, "evidence_pack") is False else "go"


def row_18(g):
    return "go"  # a date to give, or to ask for: it says nothing about who fits


def row_19(g):
    return "safety" if get(g, "safeguarding") is True else "go"


def row_20(g):
    return "go"  # explained, and the check goes on


ROWS = {number: globals()[f"row_{number}"] for number in range(1, 21)}


def outcome(given: dict) -> str:
    """Safety, then a published no, then refer, then what is missing, then likely; local settings alone refer."""
    said = {number: row(given) for number, row in ROWS.items()}
    for effect, result in (
        ("safety", "refer"),
        ("no", "not_eligible"),
        ("refer", "refer"),
        ("ask", "needs_more_information"),
    ):
        deciding = {number for number, one in said.items() if one == effect}
        if deciding:
            return "refer" if deciding <= INFERRED else result
    return "likely_eligible"
