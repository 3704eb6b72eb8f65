"""Run cases on one version of npa and write what came of each; `compare.py` starts it, once for each version.

It knows two things of npa: `flows.cli.main(list)` and the files of a warehouse. It imports everything that npa imports,
then forks a process for each command, so that a command starts at once. Results hold two kinds of facts: `facts`, which
must be equal in both versions, and `wording`, which may differ."""

import contextlib
import hashlib
import importlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import tomllib
import traceback
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

Facts = dict[str, Any]

LIMIT = 300  # seconds that a command may take
_CRASHED = 99  # exit status of a command that ended with a traceback

# What differs between two runs of one version. The paths of a case are replaced besides.
_PATTERNS = [
    (re.compile(pattern), word)
    for pattern, word in [
        (r"\d{8}T\d{6}Z-[0-9a-f]{6}", "<release>"),  # 20261129T203715Z-4069d1
        (r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?", "<time>"),
        (r"\b\d+\.\d+\.\d+\+[0-9a-f]{8}\b", "<version>"),  # 0.1.0+436c4f36
        (r"\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", "<uuid>"),
        (r"\b\d+(\.\d+)? (s|min|h|seconds?|minutes?|hours?) ago\b", "<age> ago"),
        (r"\bprocess \d+", "process <pid>"),
        (r"retrieved_on = \d{4}-\d\d-\d\d", "retrieved_on = <day>"),  # a draft has the day of the file
        (r"/tmp/tmp[0-9a-z_]{8}", "<temporary>"),
    ]
]
_RELEASE_COLUMNS = {"release_id", "published_at", "software_version", "input_fingerprint"}
_RELEASE_KEYS = {*_RELEASE_COLUMNS, "created", "bytes", "mark", "seconds", "age_seconds", "version", "pid", "host"}
_WORDING_KEYS = {"message", "message_id", "arguments", "description", "example", "what", "remedy", "comment"}
_WORDING_COLUMNS = {
    "quality_issue": {"message_id", "arguments"},  # what the message says, for programs
    "rejected_row": {"arguments"},
    "dim_indicator": {"definition", "numerator", "denominator", "exclusions", "periods", "source"},
    "data_dictionary": {"description"},
}


def main() -> None:
    """Run the cases of a file: `compare_run.py CASES RESULTS WORK JOBS TREE`."""
    cases, results, work = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")), Path(sys.argv[2]), sys.argv[3]
    import flows

    assert str(Path(flows.__file__ or "").parent.parent) == sys.argv[5], flows.__file__
    _warm_up(cases, Path(work) / "warm")
    running: dict[int, str] = {}
    for number, case in enumerate(cases):
        while len(running) >= int(sys.argv[4]):
            running.pop(os.wait()[0])
        if pid := os.fork():
            running[pid] = case["id"]
        else:
            _be_case(case, Path(work) / case["id"], results / f"{case['id']}.json")
        if number % 100 == 99:
            print(f"  {number + 1} of {len(cases)}", file=sys.stderr, flush=True)
    for pid in running:
        os.waitpid(pid, 0)


def _warm_up(cases: list[dict[str, Any]], folder: Path) -> None:
    """Import what the commands import. A process finds out which modules these are: threads of DuckDB would not
    survive the forks of a process that has worked with it."""
    folder.mkdir(parents=True)
    names = folder / "modules.json"
    if not (pid := os.fork()):
        try:
            import flows.cli

            for number in (1, 2):
                os.dup2(os.open(os.devnull, os.O_WRONLY), number)
            for step in cases[0]["steps"]:
                if "args" in step and not step.get("is_cold"):
                    with contextlib.suppress(SystemExit):
                        flows.cli.main(_filled(step["args"], cases[0], folder, folder / "warehouse"))
            names.write_text(json.dumps({name: bool(module) for name, module in list(sys.modules.items())}))
        finally:
            os._exit(0)
    os.waitpid(pid, 0)
    for name, is_module in json.loads(names.read_text()).items():
        if not is_module:
            sys.modules.setdefault(name, None)  # type: ignore[arg-type]
        elif name not in sys.modules and name != "__main__":
            with contextlib.suppress(ImportError):
                importlib.import_module(name)
    shutil.rmtree(folder)


def _be_case(case: dict[str, Any], folder: Path, result: Path) -> None:
    """Be the process of a case, and end."""
    try:
        found = _run_case(case, folder, result)
    except BaseException:
        found = {"facts": {"harness": traceback.format_exc()}, "wording": {}}
    result.write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(0)


def _run_case(case: dict[str, Any], folder: Path, result: Path) -> dict[str, Facts]:
    """Run the steps of a case and collect what they left."""
    raw = Path(case["raw"])
    (folder / "out").mkdir(parents=True)
    (folder / "tmp").mkdir()
    if case.get("is_changed"):  # by its own steps
        raw = Path(shutil.copytree(raw, folder / "raw"))
        case = {**case, "raw": str(raw)}
    warehouse = raw / "warehouse" if case.get("is_inside") else folder / "warehouse"
    os.environ["TMPDIR"] = tempfile.tempdir = str(folder / "tmp")
    plain = _normaliser({str(warehouse): "<warehouse>", str(raw): "<raw>", str(folder): "<work>", **case["paths"]})
    facts: Facts = {}
    wording: Facts = {}
    for step in case["steps"]:
        if "write" in step:
            _write(raw / step["write"], step["text"])
            continue
        arguments = _filled(step["args"], case, folder, warehouse)
        status, stdout, stderr = _command(arguments, folder, is_cold=step.get("is_cold", False))
        facts[f"status/{step['name']}"] = status
        _add_output(step, plain(stdout), facts, wording)
        wording[f"stderr/{step['name']}"] = plain(stderr)
        if step["name"].startswith("refresh"):
            _add_log(step["name"], warehouse, plain, facts, wording)
    release = (warehouse / "current").resolve()
    is_deep = case.get("is_deep", True)
    if (release / "npa.duckdb").exists():
        _add_database(release / "npa.duckdb", facts, wording, is_deep=is_deep, rows_of=case.get("rows_of", []))
        _add_release(release, plain, facts, wording, is_deep=is_deep)
    if warehouse.exists():
        facts["warehouse/files"] = sorted(path.name for path in warehouse.iterdir())
        facts["warehouse/releases"] = len(list(warehouse.glob("releases/*")))
    _add_files(folder / "out", result.with_suffix(""), plain, facts, _messages(release / "npa.duckdb"))
    if case.get("is_inside"):
        shutil.rmtree(warehouse, ignore_errors=True)
    return {"facts": facts, "wording": wording}


def _write(path: Path, text: str | None) -> None:
    """Change a source: write a file, or remove a file or folder. The next release has another second in its id."""
    time.sleep(1.1)
    if text is not None:
        path.write_text(text, encoding="utf-8")
    elif path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()


def _filled(arguments: Iterable[str], case: dict[str, Any], folder: Path, warehouse: Path) -> list[str]:
    """Return the arguments of a command with the paths of this run."""
    releases = sorted(path.name for path in warehouse.glob("releases/*"))
    places = {
        "{raw}": case["raw"], "{warehouse}": str(warehouse), "{out}": str(folder / "out"), "{as_of}": case["as_of"],
        "{oldest}": releases[0] if releases else "none",
    }  # fmt: skip
    return [places.get(one, one.replace("{out}", places["{out}"])) for one in arguments]


def _command(arguments: list[str], folder: Path, *, is_cold: bool) -> tuple[int, str, str]:
    """Return the exit status of a command, minus the number of a signal that ended it, and what it printed."""
    names = [folder / "stdout", folder / "stderr"]
    if is_cold:
        with names[0].open("wb") as out, names[1].open("wb") as err:
            status = subprocess.run(
                [sys.executable, "-m", "flows.cli", *arguments],
                stdin=subprocess.DEVNULL, stdout=out, stderr=err, check=False, timeout=LIMIT,
            ).returncode  # fmt: skip
    else:
        if not (pid := os.fork()):
            _be_command(arguments, names)
        status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    stdout, stderr = (name.read_text(encoding="utf-8", errors="backslashreplace") for name in names)
    return status, stdout, stderr


def _be_command(arguments: list[str], names: list[Path]) -> None:
    status = _CRASHED
    try:
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        for number, name in enumerate(names, 1):
            os.dup2(os.open(name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644), number)
        signal.alarm(LIMIT)
        sys.argv = ["npa", *arguments]
        import flows.cli

        status = flows.cli.main(arguments)
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
    except BaseException:
        traceback.print_exc()
    finally:
        with contextlib.suppress(OSError, ValueError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(status)


# What the commands print


def _normaliser(paths: dict[str, str]) -> Any:
    """Return a function that takes out of a text what differs between two runs."""
    longest_first = sorted(paths.items(), key=lambda item: -len(item[0]))

    def normalised(text: str) -> str:
        for path, word in longest_first:
            text = text.replace(path, word)
        for pattern, word in _PATTERNS:
            text = pattern.sub(word, text)
        return text

    return normalised


def _add_output(step: dict[str, Any], text: str, facts: Facts, wording: Facts) -> None:
    name, kind = step["name"], step.get("stdout", "wording")
    if kind not in ("json", "text"):
        wording[f"stdout/{name}"] = text
    if kind == "text":
        facts[f"stdout/{name}"] = text
    elif kind == "json":
        facts[f"stdout/{name}"] = _json(text)
    elif kind == "toml":
        with contextlib.suppress(tomllib.TOMLDecodeError):
            facts[f"stdout/{name}"] = tomllib.loads(text.replace("<day>", "2000-01-01"))
            facts[f"stdout/{name}"].pop("retrieved_on", None)
    elif kind == "help":
        facts[f"options/{name}"] = sorted(set(re.findall(r"(?<![\w-])--?[a-z][a-z-]*|\{[\w,-]+\}", text)))
    elif kind == "counts":  # of `npa check`: "measures = 35"
        facts[f"stdout/{name}"] = re.findall(r"(?m)^(?:# \S+$|\[.*|\w+ = .*)", text)


def _json(text: str) -> Any:
    """JSON without what differs between releases and without sentences; the text itself if it is no JSON."""
    try:
        return _scrubbed(json.loads(text))
    except ValueError:
        return text


def _scrubbed(value: Any) -> Any:
    if isinstance(value, dict):
        left_out = _RELEASE_KEYS | _WORDING_KEYS
        return {
            key: "…" if key in left_out else list(one) if key == "stages" else _scrubbed(one)
            for key, one in value.items()
        }
    return [_scrubbed(one) for one in value] if isinstance(value, list) else value


def _add_log(name: str, warehouse: Path, plain: Any, facts: Facts, wording: Facts) -> None:
    """Return the last line of the log of refreshes."""
    try:
        last = json.loads((warehouse / "refresh_log.jsonl").read_text(encoding="utf-8").splitlines()[-1])
    except (OSError, IndexError):
        facts[f"log/{name}"] = "no log"
        return
    errors = last.pop("errors")
    facts[f"log/{name}/keys"] = [*last, "errors"]
    facts[f"log/{name}/stages"] = list(last["stages"])
    for key in ("outcome", "as_of", "counts", "error_count"):
        facts[f"log/{name}/{key}"] = last[key]
    problems = [[plain(str(e.get("path"))), e.get("line"), plain(str(e.get("value"))), sorted(e)] for e in errors]
    facts[f"problems/{name}"] = sorted(problems, key=lambda problem: (problem[0], problem[1] or 0, *problem[2:]))
    wording[f"problems/{name}"] = sorted(
        plain(f"{e.get('path')}:{e.get('line')}: {e['what']}. {e.get('remedy')}") for e in errors
    )
    wording[f"log/{name}/why"] = plain(last["why"])


# What the release holds


def _add_database(path: Path, facts: Facts, wording: Facts, *, is_deep: bool, rows_of: list[str]) -> None:
    import duckdb

    with duckdb.connect(str(path), read_only=True, config={"threads": 1}) as con:
        columns: dict[str, list[str]] = {}
        for table, column in con.execute(
            "SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal ORDER BY table_name, column_index"
        ).fetchall():
            columns.setdefault(table, []).append(column)
        views = {name for (name,) in con.execute("SELECT view_name FROM duckdb_views() WHERE NOT internal").fetchall()}
        for table, names in columns.items():
            key = f"{'view' if table in views else 'table'}/{table}"
            if table == "quality_issue":
                facts |= _issues(con)
                continue
            compared = ", ".join(_compared(table, names))
            facts[key] = _digest(con, f'"{table}"', compared)
            if key in rows_of:
                facts[f"rows/{key}"] = [
                    repr(row) for row in con.execute(f'SELECT {compared} FROM "{table}"').fetchall()
                ]
            if table not in views and not _words(table, names):
                order = f"SELECT md5(string_agg(hash({compared})::VARCHAR, ' ' ORDER BY rowid)) FROM \"{table}\""
                facts[f"order/{table}"] = con.execute(order).fetchall()
            if words := _words(table, names):
                quoted = ", ".join(f'"{word}"' for word in words)
                wording[key] = sorted(str(row) for row in con.execute(f'SELECT {quoted} FROM "{table}"').fetchall())
                if not is_deep:
                    wording[key] = hashlib.sha256("\n".join(wording[key]).encode()).hexdigest()
        if is_deep:
            _add_catalogue(con, facts, wording)


def _compared(table: str, names: list[str]) -> list[str]:
    """Return the columns that must be equal."""
    left_out = _RELEASE_COLUMNS | set(_words(table, names))
    return [f'"{name}"' for name in names if name not in left_out] or ["1"]


def _issues(con: Any) -> Facts:
    """Return the places of `quality_issue`, by rule: an issue that goes is a difference of its rule."""
    rows = con.execute(
        """SELECT rule, list(concat_ws(' | ', coalesce(source_file, document_id), line_number, activity_id, column_name,
                                       source_value, published_value))
           FROM quality_issue GROUP BY rule"""
    ).fetchall()
    return {f"issues/{rule}": sorted(places) for rule, places in rows}


def _words(table: str, names: list[str]) -> list[str]:
    return [name for name in names if name == "message" or name in _WORDING_COLUMNS.get(table, ())]


def _digest(con: Any, source: str, columns: str) -> Facts:
    """Return number and digest of rows in whatever order."""
    sums = f"coalesce(sum(hash({columns})), 0)::VARCHAR, bit_xor(hash({columns}, 1))::VARCHAR"
    sql = f"SELECT count(*), {sums} FROM {source}"
    count, total, parity = con.execute(sql).fetchall()[0]
    return {"rows": count, "digest": f"{total} {parity}"}


def _add_catalogue(con: Any, facts: Facts, wording: Facts) -> None:
    """Columns, types, keys, views, macros; comments as wording."""
    for table, *column in con.execute(
        """SELECT table_name, column_name, data_type, is_nullable, column_default
           FROM duckdb_columns() WHERE NOT internal ORDER BY table_name, column_index"""
    ).fetchall():
        facts.setdefault(f"columns/{table}", []).append(column)
    for table, text in con.execute(
        "SELECT table_name, constraint_text FROM duckdb_constraints() ORDER BY ALL"
    ).fetchall():
        facts.setdefault(f"constraints/{table}", []).append(text)
    for name, sql in con.execute("SELECT view_name, sql FROM duckdb_views() WHERE NOT internal").fetchall():
        facts[f"sql/{name}"] = " ".join(sql.split())
    for name, *macro, sql in con.execute(
        """SELECT function_name, function_type, parameters, macro_definition
           FROM duckdb_functions() WHERE NOT internal ORDER BY ALL"""
    ).fetchall():
        facts[f"macro/{name}"] = [*macro, " ".join(sql.split())]
    facts["types"] = con.execute(
        "SELECT type_name, labels FROM duckdb_types() WHERE NOT internal ORDER BY ALL"
    ).fetchall()
    comments = """SELECT table_name, comment FROM duckdb_tables() WHERE NOT internal
                  UNION ALL SELECT view_name, comment FROM duckdb_views() WHERE NOT internal
                  UNION ALL SELECT table_name || '.' || column_name, comment FROM duckdb_columns() WHERE NOT internal
                  UNION ALL SELECT function_name, comment FROM duckdb_functions() WHERE NOT internal"""
    for name, comment in con.execute(comments).fetchall():
        wording[f"comment/{name}"] = comment
        facts.setdefault("commented", []).append([name, comment is not None])
    facts.get("commented", []).sort()


def _add_release(release: Path, plain: Any, facts: Facts, wording: Facts, *, is_deep: bool) -> None:
    """Return the files of the release beside the database."""
    import duckdb

    files = sorted(path for path in release.rglob("*") if path.is_file())
    facts["release/files"] = [str(path.relative_to(release)) for path in files]
    facts["release/modes"] = sorted({oct(path.stat().st_mode & 0o777) for path in release.rglob("*")})
    for path in release.glob("*.json"):
        text = path.read_text(encoding="utf-8")
        content = json.loads(plain(text))
        if path.name == "manifest.json":
            for file in [*content["files"], *content["outputs"]]:
                file["sha256"] = "…"
        facts[f"release/{path.name}"] = _scrubbed(content) if is_deep else sorted(content)
        if is_deep and path.name != "manifest.json":
            wording[f"release/{path.name}"] = re.findall(
                rf'"(?:{"|".join(sorted(_WORDING_KEYS))})": ".*?"(?=[,\n}}])', plain(text)
            )
    if not is_deep:
        return
    with duckdb.connect(config={"threads": 1}) as con:
        for path in (path for path in files if path.suffix == ".parquet"):
            name = path.relative_to(release)
            source = f"read_parquet('{path}', hive_partitioning = false)"
            types = con.execute(f"DESCRIBE FROM {source}").fetchall()
            table = name.parts[1].removesuffix(".parquet")
            columns = ", ".join(_compared(table, [column for column, *_ in types]))
            facts[f"parquet/{name}"] = [[column[:2] for column in types], _digest(con, source, columns)]
            pairs = con.execute(
                f"SELECT decode(key), decode(value) FROM parquet_kv_metadata('{path}') ORDER BY ALL"
            ).fetchall()
            facts[f"parquet/{name}/metadata"] = [key for key, _ in pairs]
            wording[f"parquet/{name}/metadata"] = [plain(value) for _, value in pairs]


# The files that commands wrote


def _messages(path: Path) -> set[str]:
    """Return the sentences about rejected rows, which are wording in a workbook too."""
    import duckdb

    if not path.exists():
        return set()
    with duckdb.connect(str(path), read_only=True) as con:
        return {message for (message,) in con.execute("SELECT message FROM rejected_row").fetchall()}


def _add_files(out: Path, kept: Path, plain: Any, facts: Facts, messages: set[str]) -> None:
    """Return a digest of each file; its text is kept for the report of a difference."""
    for path in sorted(path for path in out.rglob("*") if path.is_file()):
        name = str(path.relative_to(out))
        if path.suffix == ".xlsx":
            text = "\n".join(_workbook(path, messages))
        elif path.suffix == ".parquet":
            import duckdb

            text = "\n".join(map(str, duckdb.connect().execute(f"FROM read_parquet('{path}')").fetchall()))
        else:
            text = path.read_bytes().decode("utf-8", errors="backslashreplace")
        if path.suffix == ".json":
            text = json.dumps(_json(text), indent=1, ensure_ascii=False)
        text = plain(text)
        facts[f"file/{name}"] = hashlib.sha256(text.encode()).hexdigest()
        (kept / name).parent.mkdir(parents=True, exist_ok=True)
        (kept / name).write_text(text, encoding="utf-8")


def _workbook(path: Path, messages: set[str]) -> Iterator[str]:
    """All that a form has, a line for each thing."""
    import openpyxl

    book = openpyxl.load_workbook(path)
    about = book.properties
    yield f"properties {about.creator!r} {about.title!r} {about.subject!r} {about.language!r}"
    yield from (f"name {name} {defined.attr_text}" for name, defined in book.defined_names.items())
    for sheet in book.worksheets:
        at = sheet.title
        guard, page = sheet.protection, sheet.page_setup
        yield f"{at} {sheet.sheet_state} {sheet.dimensions} freeze {sheet.freeze_panes} filter {sheet.auto_filter.ref}"
        yield f"{at} protection {guard.sheet} {guard.formatCells} {guard.insertRows} {guard.sort} {guard.autoFilter}"
        yield f"{at} page {page.orientation} {page.paperSize} {page.fitToWidth} {sheet.print_title_rows}"
        yield f"{at} merged {sorted(map(str, sheet.merged_cells.ranges))}"
        for _, column in sorted(sheet.column_dimensions.items()):  # some libraries add the margin of a cell
            numbers = range(column.min or 0, (column.max or 0) + 1)
            yield from (f"{at} column {number} {int(column.width)} {column.hidden}" for number in numbers)
        for number, row in sorted(sheet.row_dimensions.items()):
            yield f"{at} row {number} {row.height and int(row.height)} {row.hidden}"
        for rule in sheet.data_validations.dataValidation:
            formulas = f"{rule.operator or 'between'} {rule.formula1} {rule.formula2}"
            areas = " ".join(sorted(map(str, rule.sqref.ranges)))
            yield f"{at} valid {areas} {rule.type} {formulas} {rule.errorStyle}"
            yield f"{at} valid {areas} says {rule.error!r} {rule.prompt!r}"
        for area in sheet.conditional_formatting:
            yield f"{at} format {area.sqref} {[(rule.type, rule.formula, rule.operator) for rule in area.rules]}"
        for cells in sheet.iter_rows():
            for cell in cells:
                if cell.value is not None or cell.has_style:
                    font, place = cell.font, cell.alignment
                    look = (cell.number_format, font.b, font.i, _colour(font.color), _colour(cell.fill.fgColor),
                            cell.protection.locked, place.wrap_text, place.vertical)  # fmt: skip
                    link, note = cell.hyperlink and cell.hyperlink.target, cell.comment and cell.comment.text
                    value = "<message>" if cell.value in messages else cell.value
                    note = "<message>" if note in messages else note
                    yield f"{at}!{cell.coordinate} {value!r} {look} {link} {note}"


def _colour(colour: Any) -> str | None:
    """Return red, green and blue in hexadecimal, without opacity, which spreadsheets ignore; None: no colour."""
    return colour.rgb[2:] if colour is not None and colour.type == "rgb" else None


if __name__ == "__main__":
    main()
