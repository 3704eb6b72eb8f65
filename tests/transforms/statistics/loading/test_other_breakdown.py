"""`other_breakdown`: `breakdown_parts` gives back any concepts and codes, and no two sets of them look alike."""

from urllib.parse import unquote

import duckdb
from hypothesis import example, given
from hypothesis import strategies as st

from flows.refresh.build.database import create
from schemas.generated.ddl import literal
from transforms.statistics.loading.other_breakdown import part

CON = duckdb.connect()
create(CON)
# The characters of the rule are frequent in the one kind of text, all others in the other.
TEXT = st.text("%;=23BD5_Tа ", max_size=8) | st.text(st.characters(codec="utf-8", exclude_characters="\0"))
PARTS = st.dictionaries(TEXT, TEXT, max_size=4)


def joined(parts: dict[str, str]) -> str:
    """Return the parts as they are published."""
    texts = ", ".join(part(concept, literal(code)) for concept, code in parts.items())
    return str(CON.execute(f"SELECT concat_ws(';', {texts or 'NULL'})").fetchone()[0] or "_T")  # type: ignore[index]


@given(PARTS)
@example({"GROUP": "a;KIND=b"})
@example({"_T": "_T"})
@example({"%3B": "%253B", "=": ";", "": ""})
def test_parts_are_read_back(parts: dict[str, str]) -> None:
    assert CON.execute("SELECT breakdown_parts($text)", {"text": joined(parts)}).fetchall() == [(parts,)]


@given(PARTS.filter(bool))
def test_parts_are_read_back_by_any_program_that_decodes_urls(parts: dict[str, str]) -> None:
    pairs = (text.split("=") for text in joined(parts).split(";"))
    assert {unquote(concept): unquote(code) for concept, code in pairs} == parts


@given(PARTS, PARTS)
@example({"GROUP": "a;KIND=b"}, {"GROUP": "a", "KIND": "b"})
@example({"GROUP": "a%3BKIND%3Db"}, {"GROUP": "a;KIND=b"})
def test_two_sets_of_parts_are_two_texts(one: dict[str, str], other: dict[str, str]) -> None:
    assert (joined(one) == joined(other)) == (list(one.items()) == list(other.items()))


@given(st.text(st.characters(codec="utf-8", exclude_characters="%;=\0")))
def test_other_characters_stay_as_they_are(text: str) -> None:
    assert joined({text: text}) == f"{text}={text}"


def test_total_and_missing() -> None:
    assert CON.execute("SELECT breakdown_parts('_T'), breakdown_parts(NULL)").fetchall() == [({}, None)]
