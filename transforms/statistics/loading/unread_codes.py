"""Composite codes that nothing reads: no pattern and no list of codes; and [series] does not name them as a whole."""

from schemas.generated import ddl
from transforms.statistics.dataset.columns import target_of
from transforms.statistics.loading.staging import StagedFile, Staging, numbered
from transforms.statistics.loading.validation import Gap, Judged, in_keep
from transforms.text.lines import fold
from transforms.text.toml import key


def judge_unread_codes(staging: Staging, judged: Judged) -> None:
    """Report each composite code that nothing reads, of the rows that [keep] takes."""
    for file in staging.files:
        for column, codes in file.composite.items():
            if unread := [code.text or "" for code in codes if code.parts is None]:
                _report(staging, file, column, unread, judged)


def _report(staging: Staging, file: StagedFile, column: str, unread: list[str], judged: Judged) -> None:
    rows = staging.con.execute(
        f"""SELECT text, min(row), count(*)
            FROM (SELECT coalesce(c{file.names.index(column)}, '') AS text, {numbered(file)} AS row,
                         {in_keep(staging, file)} AS is_kept FROM source_{file.table})
            WHERE text IN ({", ".join(map(ddl.literal, unread))}) AND is_kept
            GROUP BY text ORDER BY 2, 1 LIMIT {judged.most}"""
    ).fetchall()
    parts = staging.dataset.parts_of(column)
    is_of_series = any(target_of(name, staging.dataset) == "statistic_id" for name in parts)
    what = "nothing in [[composite]] reads this code of {column}, in {count} rows"
    remedy = "Let the pattern read it, or say in [composite.codes] what it means."
    if is_of_series:
        remedy = (
            "Let the pattern read it, or say in [composite.codes] what it means; a series without a breakdown is named "
            "in [series] or [define.statistic_id]."
        )
    for text, first, count in rows:
        judged.add(file.path, first, what, remedy, fold(text), column=column, count=count)
        label = " / ".join(file.labels.get(column, {}).get(fold(text), ()))
        if is_of_series:
            judged.draft("series", fold(text), Gap(note=label))
        else:
            for part in parts:
                judged.draft(f"composite.codes.{key(fold(text))}", part, Gap(note=label))
