"""What was found in reports and statistics, said in lines: for `npa check` and after a refresh."""

import duckdb

from transforms.text import printable


def print_findings(con: duckdb.DuckDBPyConnection) -> None:
    """The balance of all rows read, then every refusal and every judgement about reports and statistics."""
    print(balance(con))
    _print_statistics(con)
    refused = con.execute("""
        SELECT concat_ws(' ', source_file, source_sheet, 'row ' || source_row) || ': ' || message
        FROM rejected_row ORDER BY rejection_id""").fetchall()
    noted = con.execute("""
        SELECT source_file || ' row ' || line_number || ': ' || message
        FROM quality_issue WHERE source_file LIKE 'progress/%' ORDER BY issue_id""").fetchall()
    _print_lines("refused:", refused)
    _print_lines("accepted, but worth a look:", noted)


def _print_statistics(con: duckdb.DuckDBPyConnection) -> None:
    """What became of the rows of each data set, then what the rules flag."""
    for name, read, published, set_aside, repeated in con.execute(
        """SELECT dataset_id, rows_read, observations, rows_set_aside, rows_repeated FROM dim_dataset
           ORDER BY dataset_id"""
    ).fetchall():
        print(f"{name}: {read} rows read = {published} published + {set_aside} set aside + {repeated} repeated")
    flagged = con.execute(
        """SELECT concat_ws(' row ', source_file, line_number) || ': ' || message FROM quality_issue
           WHERE source_file LIKE 'statistics/%' ORDER BY issue_id"""
    ).fetchall()
    _print_lines("published as they are, and flagged:", flagged)


def _print_lines(heading: str, lines: list[tuple[str]]) -> None:
    if lines:
        print(heading, *(f"  {printable(line)}" for (line,) in lines), sep="\n")


def balance(con: duckdb.DuckDBPyConnection) -> str:
    """How many rows of reports were read, and what became of them."""
    ((files, read, accepted, repeated, rejected, blank),) = con.execute("""
        SELECT count(DISTINCT source_file), coalesce(sum(rows_read), 0), coalesce(sum(rows_accepted), 0),
               coalesce(sum(rows_repeated), 0), coalesce(sum(rows_rejected), 0), coalesce(sum(rows_blank), 0)
        FROM dim_progress_file""").fetchall()
    ((unreadable,),) = con.execute("SELECT count(*) FROM rejected_row WHERE source_row IS NULL").fetchall()
    if files == unreadable == 0:
        return "no reports received"
    more = f"; {unreadable} files or sheets could not be read" if unreadable else ""
    return (
        f"reports: {read} rows of {files} files read = {accepted} accepted + {repeated} repeated + {rejected} rejected "
        f"+ {blank} blank{more}"
    )
