"""The state of an activity: who answers for it, what they say together, decisions, awaited reports, old evidence.

Each question is asked of the oracle and of the release (`ask`); the answers stand here."""

import datetime as dt
import itertools
from typing import Any

import pytest

from tests.support.histories import CRC, OPAC, OPSC, PEO, Answers, Decided, Lead, Line, state

D = dt.date
SHARED = f"{CRC}-25-01"  # dated, 2018 and 2019; MOHSPP, MOIA and LA, which has units where a test says so
CONTINUOUS = f"{CRC}-10-01"  # MOHSPP, MOJ, MOF
MIXED = f"{CRC}-15-01"  # continuous; CORRTR and a collective
COLLECTIVE = f"{CRC}-34-01"  # undated; a collective only
FIRST, SECOND, THIRD = "TJK-MOHSPP", "TJK-MOIA", "TJK-LA"
DAY = D(2020, 3, 1)
REPORTED = D(2020, 1, 10)


def say(agency: str, status: str, activity: str = SHARED, day: dt.date = REPORTED, **more: Any) -> Line:
    return Line(activity, agency, day.year - 1, day, status, **more)


def said(answers: Answers, activity: str = SHARED, day: dt.date = DAY) -> Any:
    return state(answers, activity, day)["reported_status"]


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        ("completed completed completed", "completed"),
        ("completed substantially_completed -", "substantially_completed"),
        ("completed in_progress -", "in_progress"),
        ("completed not_started -", "in_progress"),
        ("completed suspended -", "in_progress"),
        ("not_started not_started -", "not_started"),
        ("not_started suspended -", "suspended"),
        ("suspended - -", "suspended"),
        ("in_progress suspended not_started", "in_progress"),
        ("- completed -", "completed"),
        ("cancelled completed -", "completed"),
        ("cancelled - -", "no_evidence"),
        ("- - -", "no_evidence"),
    ],
)
def test_the_state_of_agencies_together(ask: Any, statuses: str, expected: str) -> None:
    """In whatever order they report: the last writer does not decide."""
    agencies = [(a, s) for a, s in zip((FIRST, SECOND, THIRD), statuses.split(), strict=True) if s != "-"]
    for order in itertools.permutations(agencies):
        days = (D(2020, 1, 10 + place) for place in range(3))
        answers = ask(*(say(agency, status, day=day) for (agency, status), day in zip(order, days, strict=False)))
        assert said(answers) == expected, order


def test_delivered_is_of_continuous_activities(ask: Any) -> None:
    first, second = say(FIRST, "delivered", CONTINUOUS), say("TJK-MOJ", "completed", CONTINUOUS)
    assert said(ask(first, second), CONTINUOUS) == "delivered"
    assert said(ask(first, say("TJK-MOJ", "in_progress", CONTINUOUS)), CONTINUOUS) == "in_progress"


def test_an_agency_is_heard_by_its_own_latest_report(ask: Any) -> None:
    about_2019 = Line(SHARED, FIRST, 2019, D(2020, 1, 5), "in_progress")
    about_2018_later = Line(SHARED, FIRST, 2018, D(2020, 2, 1), "completed")
    corrected = Line(SHARED, FIRST, 2019, D(2020, 1, 20), "completed")
    assert said(ask(about_2019, about_2018_later)) == "in_progress"  # the latest year, then the latest report
    answers = ask(about_2019, corrected, say(SECOND, "completed"))
    assert said(answers) == "completed"
    assert said(answers, day=D(2020, 1, 15)) == "in_progress"


def test_percentage_and_day_are_the_lowest_and_the_latest(ask: Any) -> None:
    answers = ask(
        say(FIRST, "completed", percent_complete=100.0, completed_on=D(2019, 5, 1)),
        say(SECOND, "completed", completed_on=D(2019, 8, 1)),
        say(THIRD, "completed"),
    )
    record = state(answers, SHARED, DAY)
    assert (record["percent_complete"], record["completed_on"]) == (100.0, D(2019, 8, 1))
    lower = say(SECOND, "in_progress", percent_complete=30.0)
    record = state(ask(say(FIRST, "completed", completed_on=D(2019, 5, 1)), lower), SHARED, DAY)
    assert (record["percent_complete"], record["completed_on"]) == (30.0, None)


def test_collectives_are_heard_where_nobody_else_answers(ask: Any) -> None:
    others = say("TJK-OTHER-MINISTRIES", "completed", MIXED)
    assert said(ask(others), MIXED) == "no_evidence"
    assert said(ask(others, say("TJK-CORRTR", "in_progress", MIXED)), MIXED) == "in_progress"
    assert said(ask(say("TJK-RELEVANT-MINISTRIES", "completed", COLLECTIVE)), COLLECTIVE) == "completed"


def test_a_lead_answers_alone(ask: Any) -> None:
    lead = Lead(SHARED, SECOND)
    first, second = say(FIRST, "in_progress"), say(SECOND, "completed", completed_on=D(2019, 8, 1))
    record = state(ask(lead, first, second), SHARED, DAY)
    assert (record["reported_status"], record["completed_on"]) == ("completed", D(2019, 8, 1))
    assert (record["completed_by_all"], record["completed_by_any"], record["agencies_disagree"]) == (True, True, False)
    record = state(ask(lead, first), SHARED, DAY)
    assert (record["reported_status"], record["last_reported_on"]) == ("no_evidence", D(2020, 1, 10))


def test_units_answer_like_agencies(ask: Any) -> None:
    units = ("NORTH", "SOUTH")
    north, south = (Line(SHARED, THIRD, 2019, D(2020, 1, 10), status, unit=unit)
                    for status, unit in zip(("completed", "in_progress"), units, strict=True))  # fmt: skip
    record = state(ask(north, south, units=units), SHARED, DAY)
    assert (record["reported_status"], record["agencies_disagree"]) == ("in_progress", True)
    others = say(FIRST, "completed"), say(SECOND, "completed")
    record = state(ask(north, *others, units=units), SHARED, DAY)
    assert (record["reported_status"], record["completed_by_all"]) == ("completed", False)
    slots = [s for s in ask(north, units=units).slots(DAY) if (s["activity_id"], s["agency_id"]) == (SHARED, THIRD)]
    assert {(s["reporting_unit"], s["time_period"], s["is_filled"]) for s in slots} == {
        ("NORTH", "2018", False), ("NORTH", "2019", True), ("SOUTH", "2018", False), ("SOUTH", "2019", False),
    }  # fmt: skip


def test_bounds_of_completion(ask: Any) -> None:
    """W(A done, B done), X(A done, B silent), Y(A done, B later in progress), Z silent: 25, 50, 75 %."""
    pairs = {f"{CRC}-21-01": (FIRST, "TJK-MOF"), f"{CRC}-24-02": (FIRST, "TJK-MOF")}
    pairs |= {f"{CRC}-31-01": ("TJK-MLMEP", "TJK-MOF"), f"{OPSC}-08-03": ("TJK-MLMEP", "TJK-MOJ")}
    (w, (w_a, w_b)), (x, (x_a, _)), (y, (y_a, y_b)), (z, _) = pairs.items()
    done = [say(a, "completed", activity) for activity, a in ((w, w_a), (w, w_b), (x, x_a), (y, y_a))]
    answers = ask(*done, say(y_b, "in_progress", y, D(2020, 1, 20)))
    records = [state(answers, activity, DAY) for activity in (w, x, y, z)]
    for column, share in (("completed_by_all", 25), ("completed_by_any", 75)):
        assert 100 * sum(record[column] for record in records) / 4 == share
    assert [record["reported_status"] for record in records] == ["completed", "completed", "in_progress", "no_evidence"]


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        (("completed", "in_progress"), True),
        (("in_progress", "not_started"), True),
        (("completed", "suspended"), True),
        (("in_progress", "substantially_completed"), False),
        (("not_started", "suspended"), False),
        (("completed", "cancelled"), False),
        (("completed", "completed"), False),
    ],
)
def test_agencies_disagree_where_it_changes_a_count(ask: Any, statuses: tuple[str, str], expected: bool) -> None:
    answers = ask(*(say(agency, status) for agency, status in zip((FIRST, SECOND), statuses, strict=True)))
    assert state(answers, SHARED, DAY)["agencies_disagree"] is expected


def test_a_claim_of_cancellation_changes_no_count(ask: Any) -> None:
    before, claim = Line(SHARED, FIRST, 2018, D(2019, 1, 10), "in_progress"), say(FIRST, "cancelled")
    record = state(ask(before, claim), SHARED, DAY)
    assert (record["reported_status"], record["cancellation_claims"], record["is_overdue"]) == ("in_progress", 1, True)
    taken_back = say(FIRST, "completed", day=D(2020, 2, 1))
    assert state(ask(before, claim, taken_back), SHARED, DAY)["cancellation_claims"] == 0
    record = state(ask(before, claim, Decided(SHARED, D(2020, 2, 1))), SHARED, DAY)
    assert (record["reported_status"], record["cancellation_claims"], record["is_overdue"]) == ("cancelled", 0, False)


def test_a_decision_cancels_from_its_day_on(ask: Any) -> None:
    answers = ask(say(FIRST, "completed"), say(SECOND, "in_progress"), Decided(SHARED, D(2020, 2, 1)))
    assert [said(answers, day=day) for day in (D(2020, 1, 31), D(2020, 2, 1))] == ["in_progress", "cancelled"]
    assert state(answers, SHARED, DAY, D(2020, 1, 31))["reported_status"] == "in_progress"  # not known yet
    assert state(answers, SHARED, DAY)["agencies_disagree"] is False


def test_a_decision_moves_the_end_from_its_day_on(ask: Any) -> None:
    """Here the end of 2019 is moved to June 2021, when the report of 2019 is overdue, before that of 2020 is due."""
    answers = ask(Decided(SHARED, D(2020, 6, 1), D(2021, 6, 30)))
    columns = ("window_end_in_effect", "timing", "is_awaiting_report", "is_overdue", "days_overdue")
    cases = [
        (D(2020, 5, 31), D(2019, 12, 31), "closed", False, True, 152),
        (D(2020, 6, 1), D(2021, 6, 30), "open", False, False, None),
        (D(2021, 7, 1), D(2021, 6, 30), "closed", True, False, None),  # the report about 2021 may still come
        (D(2022, 2, 1), D(2021, 6, 30), "closed", False, True, 216),
    ]
    for day, *expected in cases:
        assert [state(answers, SHARED, day)[column] for column in columns] == expected, day

    def years(known: dt.date) -> list[str]:
        slots = (s for s in answers.slots(known) if (s["activity_id"], s["agency_id"]) == (SHARED, FIRST))
        return sorted(slot["time_period"] for slot in slots)

    assert years(D(2020, 5, 31)) == ["2018", "2019"]
    assert years(D(2020, 6, 1)) == ["2018", "2019", "2020", "2021"]


def test_no_report_is_expected_that_was_due_before_the_end_was_moved(ask: Any) -> None:
    """The report about 2020 is due on 31 January 2021."""
    for decided_on, expected in ((D(2021, 2, 1), {"2021", "2022"}), (D(2021, 1, 31), {"2020", "2021", "2022"})):
        answers = ask(Decided(SHARED, decided_on, D(2022, 12, 31)))
        years = {slot["time_period"] for slot in answers.slots(D(2023, 1, 1)) if slot["activity_id"] == SHARED}
        assert years == {"2018", "2019", *expected}, decided_on


def test_a_slot_closes_by_the_own_completion_or_a_decision(ask: Any) -> None:
    def open_slots(*facts: Any) -> set[tuple[str, str]]:
        slots = ask(*facts).slots(D(2020, 6, 1))
        return {(s["agency_id"], s["time_period"]) for s in slots if s["activity_id"] == SHARED}

    every = set(itertools.product((FIRST, SECOND, THIRD), ("2018", "2019")))
    assert open_slots(Line(SHARED, FIRST, 2018, D(2018, 11, 1), "completed")) == every - {(FIRST, "2019")}
    assert open_slots(Line(SHARED, FIRST, 2018, D(2018, 11, 1), "cancelled")) == every
    assert open_slots(Decided(SHARED, D(2018, 12, 31))) == {pair for pair in every if pair[1] == "2018"}
    assert open_slots(Decided(SHARED, D(2019, 1, 1))) == every  # as 2019 begins it is not cancelled yet


def test_awaiting_and_overdue(ask: Any) -> None:
    """A window to 31 December 2019: until 31 January a report is awaited; from 1 February it is overdue, 32 days."""
    silent, reported = ask(), D(2020, 1, 20)
    columns = ("is_awaiting_report", "is_overdue", "days_overdue")
    cases: dict[dt.date, list[object]] = {D(2019, 12, 31): [False, False, None]}
    cases |= {D(2020, 1, 1): [True, False, None]}
    cases |= {D(2020, 1, 31): [True, False, None], D(2020, 2, 1): [False, True, 32]}
    for day, expected in cases.items():
        assert [state(silent, SHARED, day)[column] for column in columns] == expected, day
    answers = ask(say(FIRST, "in_progress", day=reported))
    assert [state(answers, SHARED, D(2020, 1, 19))[column] for column in columns] == [True, False, None]
    assert [state(answers, SHARED, reported)[column] for column in columns] == [False, True, 20]
    assert state(silent, f"{OPAC}-09-02", D(2021, 1, 1))["is_awaiting_report"] is False  # a second print
    received = ask(say(FIRST, "in_progress", day=reported, received_on=D(2020, 1, 25)))  # and not known before
    assert [state(received, SHARED, D(2020, 1, 24))[column] for column in columns] == [True, False, None]
    assert [state(received, SHARED, D(2020, 1, 25))[column] for column in columns] == [False, True, 25]
    about_another_year = Line(SHARED, FIRST, 2018, reported, "in_progress")
    assert state(ask(about_another_year), SHARED, reported)["is_awaiting_report"] is True


def test_old_evidence_is_stale_when_a_later_report_is_late(ask: Any) -> None:
    """ "delivered" about 2019 is fresh on 31 January 2021 and stale from 1 February on."""
    answers = ask(say(FIRST, "delivered", CONTINUOUS))
    columns = ("is_stale", "evidence_age_days")
    cases = {D(2019, 12, 31): (False, None), D(2021, 1, 31): (False, 397), D(2021, 2, 1): (True, 398)}
    for day, expected in cases.items():
        assert tuple(state(answers, CONTINUOUS, day)[column] for column in columns) == expected, day
    # Of two reports of one day, the one that took effect last.
    half = ask(say(FIRST, "completed", completed_on=D(2019, 3, 1)), say(SECOND, "in_progress"))
    assert state(half, SHARED, D(2020, 1, 10))["evidence_age_days"] == 10
    answers = ask(say(FIRST, "completed", CONTINUOUS))
    assert state(answers, CONTINUOUS, D(2022, 2, 1))["is_stale"] is False
    assert state(ask(), CONTINUOUS, D(2022, 2, 1))["is_stale"] is False
    claim = Line(CONTINUOUS, FIRST, 2020, D(2021, 1, 10), "cancelled")  # which is no evidence of what is done
    assert state(ask(say(FIRST, "delivered", CONTINUOUS), claim), CONTINUOUS, D(2021, 2, 1))["is_stale"] is True
    by_itself = Line(*PEO, 2018, D(2019, 1, 10), "in_progress"), Line(*PEO, 2019, D(2020, 1, 10), "in_progress")
    assert state(ask(*by_itself), PEO[0], D(2020, 2, 1))["is_stale"] is False
