"""Names next to the folders of sources: what a person means to be read is read, or refused by name."""

from pathlib import Path

import pytest

from flows.sources.files import read_inputs
from flows.sources.root_entries import misspelt_entries
from transforms.errors import InputRejected

_TABLES = "received.csv", "withdrawn.csv", "public.csv", "contacts.csv", "removed.toml"


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("recieved.csv", "received.csv"), ("Received.csv", "received.csv"), ("received.xlsx", "received.csv"),
        ("received.csv.txt", "received.csv"), ("received (1).csv", "received.csv"),
        (".received.csv.icloud", "received.csv"), ("RECEIVED.CSV", "received.csv"),
        ("withdrawal.csv", "withdrawn.csv"), ("withdrawn", "withdrawn.csv"), ("publik.csv", "public.csv"),
        ("contact.csv", "contacts.csv"), ("Contacts.xlsx", "contacts.csv"), ("remove.toml", "removed.toml"),
        ("progres/", "progress"), ("Evidence/", "evidence"), ("plan/", "plans"), ("statistic/", "statistics"),
    ],
)  # fmt: skip
def test_a_misspelt_name_is_refused_with_the_nearest_right_one(raw: Path, name: str, near: str) -> None:
    place = raw / name
    if name.endswith("/"):
        place.mkdir()
    else:
        place.write_text("x", encoding="utf-8")
    with pytest.raises(InputRejected) as refused:
        read_inputs(raw)
    (problem,) = refused.value.problems
    assert str(problem).startswith(f"{place.name}: npa reads nothing of this name")
    assert f"Is {near} meant?" in str(problem)


def test_a_table_of_an_unknown_name_is_refused_with_the_known_ones(raw: Path) -> None:
    (raw / "получено.csv").write_text("file,received_on\n", encoding="utf-8")
    with pytest.raises(InputRejected, match=", ".join(_TABLES)):
        read_inputs(raw)


def test_other_files_and_folders_are_left_alone(raw: Path) -> None:
    for folder in ("areas", "letters", "progress of 2017", ".git"):
        (raw / folder).mkdir()
    for name in (
        "README.md",
        "INVENTED",
        "notes.txt",
        "~$received.csv",
        ".~lock.received.csv#",
        "received.csv~",
        "minutes.docx",
    ):
        (raw / name).write_text("x", encoding="utf-8")
    assert read_inputs(raw).tables == {}
    assert [*misspelt_entries(raw, [*_TABLES])] == []
