"""From bytes to text: accepted text comes back the same, and a rejection names what the bytes are."""

from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from flows.sources.formats.files.text_file import as_utf8, encoding_to_state
from flows.sources.reports.sheets import read_csv_report
from transforms.errors import InputProblem
from transforms.text.encodings import BINARY, BINARY_FORMATS, codec_name, guessed, marked, signature
from transforms.text.lines import decode

MARKED = ("utf-8-sig", "utf-16", "utf-32")
WIDE = ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
RUSSIAN = "Утверждён правительством: план на годы\n"
# A mark within a text is refused by `split`, and NUL everywhere.
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufeff"), min_size=1, max_size=40)
ONE_BYTE = st.text(st.sampled_from("abc,;\n" + "".join(chr(c) for c in range(0x410, 0x450))), min_size=1, max_size=40)


def _as_text(data: bytes, encoding: str | None) -> str:
    """Return the text of a file of statistics."""
    with TemporaryDirectory() as name:
        path = Path(name, "a.csv")
        path.write_bytes(data)
        return as_utf8(path, encoding, Path(name)).read_bytes().decode("utf-8-sig")


@given(TEXTS, st.sampled_from([*MARKED, "utf-8", *WIDE]))
def test_any_text_comes_back_the_same_in_each_unicode_encoding(text: str, encoding: str) -> None:
    data = text.encode(encoding)
    if encoding in WIDE and guessed(data) in ("utf-16-le", "utf-16-be") and guessed(data) != encoding:
        return  # Latin letters of the other half, as "Ā" in utf-16-le is "\0\1": the file is refused, not misread
    assert decode(data, encoding, "a.txt") == (text, [])
    if not signature(data):
        assert _as_text(data, encoding) == text


@given(TEXTS, st.sampled_from(MARKED))
def test_a_mark_gives_the_encoding_where_it_is_not_stated(text: str, encoding: str) -> None:
    data = text.encode(encoding)
    assert marked(data) == encoding
    assert _as_text(data, None) == text


@given(ONE_BYTE, st.sampled_from(["cp1251", "koi8-r", "cp866"]))
def test_text_in_a_code_page_comes_back_the_same_once_the_page_is_stated(text: str, encoding: str) -> None:
    data = text.encode(encoding)
    assert decode(data, encoding, "a.txt") == (text, [])
    assert _as_text(data, encoding) == text


@given(st.lists(st.text(st.sampled_from("абвгдежзиклмнопрсту "), min_size=1), min_size=1, max_size=9))
@example(["ё"])
def test_a_report_is_read_alike_in_each_encoding_that_reports_may_have(words: list[str]) -> None:
    heading = "activity_id,agency_id,time_period,reported_on,status\n"
    text = heading + "".join(f"Выполнено полностью,{word},в срок,,\n" for word in words)
    rows = []
    with TemporaryDirectory() as name:
        for encoding in ("utf-8", "utf-8-sig", "utf-16", "cp1251"):
            path = Path(name, "a.csv")
            path.write_bytes(text.encode(encoding))
            rows.append(list(read_csv_report(path).rows))
    assert all(cells == rows[0] for cells in rows)


@given(st.binary(max_size=200))
def test_bytes_are_text_or_a_problem_and_never_another_error(data: bytes) -> None:
    for encoding in ("utf-8", "utf-16", "utf-16-le", "cp1251"):
        decode(data, encoding, "a.txt")
        with suppress(InputProblem):
            _as_text(data, encoding)


@pytest.mark.parametrize("encoding", ["cp1251", "koi8-r", "cp866", "utf-16-le", "utf-16-be"])
def test_the_encoding_of_a_russian_text_is_suggested(tmp_path: Path, encoding: str) -> None:
    data = (RUSSIAN * 9).encode(encoding, "replace")
    assert guessed(data) == encoding
    path = tmp_path / "a.csv"
    path.write_bytes(data)
    assert encoding_to_state(path) == encoding


@pytest.mark.parametrize(
    ("data", "guess"),
    [
        (b"a,b\n", None), (RUSSIAN.encode(), "utf-8"), (RUSSIAN.encode() + b"\xff", "utf-8"), (bytes(99), BINARY),
        ("Café\n".encode("cp1252"), "cp1252"), (bytes(range(256)), BINARY), (b"a,b\n" * 99 + b"\0", None),
    ],
)  # fmt: skip
def test_guesses_of_encodings(data: bytes, guess: str | None) -> None:
    assert guessed(data) == guess


@pytest.mark.parametrize(
    ("stated", "data", "seems"),
    [
        ("utf-8", RUSSIAN.encode("utf-16"), "utf-16"),
        ("cp1251", RUSSIAN.encode("utf-8-sig"), "utf-8-sig"),
        ("utf-8", RUSSIAN.encode("utf-16-be"), "utf-16-be"),
        ("utf-16", RUSSIAN.encode("utf-16-le"), "utf-16-le"),
        ("utf-16-be", RUSSIAN.encode("utf-16-le"), "utf-16-le"),
        ("utf-16", RUSSIAN.encode(), "utf-8"),
    ],
)
def test_a_file_is_not_read_in_an_encoding_that_its_bytes_contradict(stated: str, data: bytes, seems: str) -> None:
    text, (problem,) = decode(data, stated, "a.txt")
    assert text == ""
    assert problem.what == f"the file is not {stated} text; it seems to be {seems}"
    assert (problem.path, problem.line) == ("a.txt", 0)


def test_every_binary_format_has_a_name_and_codecs_of_no_text_are_no_encodings() -> None:
    assert [signature(head) for head in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"PAR1", b"%PDF", b"\x1f\x8b", b"a")] == [
        "zip", "ole2", "parquet", "pdf", "gzip", None,
    ]  # fmt: skip
    assert set(BINARY_FORMATS) >= {"zip", "ole2", "parquet", "pdf", "gzip", "sqlite"}
    assert [codec_name(name) for name in ("Windows-1251", "UTF8")] == ["cp1251", "utf-8"]
    names = ("base64", "hex", "rot13", "idna", "undefined", "", "klingon", "a\0b")
    assert {codec_name(name) for name in names} == {None}
