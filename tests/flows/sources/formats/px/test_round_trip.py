"""PC-Axis as a property: a cube printed in any way that the specification allows is read back, unless it is cut off."""

import tempfile
from itertools import product
from math import prod
from pathlib import Path

import duckdb
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from flows.sources.formats.px import reader as px
from tests.support.examples import examples
from tests.support.px_files import FILES, described, rows
from transforms.errors import InputProblem
from transforms.text.misreading import misreading

CON = duckdb.connect()
TEXT = st.text(st.characters(codec="cp1251", categories=("L", "N", "P", "Zs"), exclude_characters='"'), min_size=1)
CODE = st.text("ABC019_-.;,=[]()", min_size=1, max_size=5)
CELL = st.from_regex(r"-?[0-9]{1,6}(\.[0-9]{1,3})?|\.{1,6}|-", fullmatch=True)
SEPARATOR = st.sampled_from([" ", ",", ";", "\t", "\n", "\r\n", " \n", ", ", "  "])


def read(raw: bytes) -> tuple[tuple[str, ...], list[dict[str, str | None]], dict[str, dict[str, str]]]:
    """Return names, rows and labels."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.px"
        path.write_bytes(raw)
        source = px.read(CON, path, described(), Path(folder))
        return source.names, rows(source), {name: dict(labels) for name, labels in source.labels.items()}


def quoted(draw: st.DrawFn, texts: list[str], in_pieces: bool = True) -> str:
    """Return a list of texts, each perhaps in pieces over lines."""
    printed = []
    for text in texts:
        cut = draw(st.integers(0, len(text))) if in_pieces else 0
        printed.append(f'"{text[:cut]}"\n"{text[cut:]}"' if cut else f'"{text}"')
    return draw(st.sampled_from([",", ",\n", ", "])).join(printed)


@st.composite
def cubes(draw: st.DrawFn) -> tuple[bytes, list[dict[str, str]], dict[str, dict[str, str]]]:
    """Return a file, and the rows and labels that are in it."""
    names = draw(st.lists(TEXT, min_size=1, max_size=4, unique=True))
    values = [draw(st.lists(TEXT, min_size=1, max_size=4, unique=True)) for _ in names]
    codes = [draw(st.none() | st.lists(CODE, min_size=len(v), max_size=len(v), unique=True)) for v in values]
    stub = draw(st.integers(0, len(names)))
    keyed = stub > 0 and draw(st.booleans())
    by = [draw(st.sampled_from(["CODES", "VALUES"])) for _ in names[:stub]]
    head = ['CODEPAGE="windows-1251"', f"NOTE={quoted(draw, ['DATA= 1; 2'])}", 'LANGUAGE="tg"', 'STUB[ru]="x","y"']
    head += [f"STUB={quoted(draw, names[:stub])}"] * bool(stub) + [f"HEADING={quoted(draw, names[stub:])}"] * (
        stub < len(names)
    )
    for name, value, code in zip(names, values, codes, strict=True):
        marked = draw(st.sampled_from(["", "[tg]"]))
        head += [f'VALUES{marked}("{name}")={quoted(draw, value)}', f'VALUES[ru]("нет")={quoted(draw, value)}']
        head += [f'CODES("{name}")={quoted(draw, code)}'] if code else []
    head += [f'KEYS("{name}")={kind}' for name, kind in zip(names, by, strict=False)] * keyed
    shown = [code or value for value, code in zip(values, codes, strict=True)]
    cells = draw(st.lists(CELL, min_size=prod(map(len, shown)), max_size=prod(map(len, shown))))
    width = prod(map(len, shown[stub:]))
    data = ""
    # with KEYS, ; is the end and separates nothing
    separators = SEPARATOR.filter(lambda s: ";" not in s) if keyed else SEPARATOR
    for number, key in enumerate(product(*(range(len(c)) for c in shown[:stub]))):
        row = cells[number * width : (number + 1) * width]
        if keyed and draw(st.booleans()):
            cells[number * width : (number + 1) * width] = ["0"] * width
            continue
        for at, place in enumerate(key if keyed else ()):
            data += f'"{shown[at][place] if by[at] == "CODES" else values[at][place]}",'
        for cell in row:
            data += (f'"{cell}"' if not cell[-1].isdigit() and draw(st.booleans()) else cell) + draw(separators)
        data += "\n"
    end = draw(st.sampled_from([";", ";\n", " ;\r\n", ";\x1a"]))
    text = draw(st.sampled_from([";", ";\n", ";\r\n"])).join([*head, f"DATA={data}{end}"])
    records = [
        dict(zip([*names, "OBS_VALUE"], [*at, cell], strict=True))
        for at, cell in zip(product(*shown), cells, strict=True)
    ]
    labels = {n: dict(zip(c, v, strict=True)) for n, c, v in zip(names, codes, values, strict=True) if c and c != v}
    return text.encode("cp1251"), records, labels


@settings(max_examples=examples(150))
@given(cubes())
def test_what_is_printed_is_read(cube: tuple[bytes, list[dict[str, str]], dict[str, dict[str, str]]]) -> None:
    raw, expected, labels = cube
    assume(not misreading(raw.decode("cp1251").split('"'), "cp1251"))  # letters by chance are words of another page
    names, records, called = read(raw)
    assert names == tuple(expected[0])
    assert records == expected
    assert called == labels


@settings(max_examples=examples(60))
@given(cubes(), st.data())
def test_cut_off_it_is_refused_or_the_same(
    cube: tuple[bytes, list[dict[str, str]], object], data: st.DataObject
) -> None:
    raw, expected, _ = cube
    try:
        assert read(raw[: data.draw(st.integers(0, len(raw) - 1))])[1] == expected
    except InputProblem:
        return


@pytest.mark.parametrize("name", ["px/HA0201E8.px", "px/EXEMPEL2.PX", "derived-not-official/nahc_ru_windows-1251.px"])
def test_real_files_cut_off_at_any_byte(name: str) -> None:
    """Check that the file is refused, unless only white space and the last semicolon are cut off."""
    whole = (FILES / name).read_bytes()
    expected = read(whole)
    for end in [*range(0, len(whole) - 60, 7), *range(len(whole) - 60, len(whole))]:
        try:
            result = read(whole[:end])
        except InputProblem:
            continue
        assert result == expected
        assert not whole[end:].strip(b" \r\n;")
