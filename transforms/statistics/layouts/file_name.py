"""What a file's name says, by the pattern `file_name` of [layout]."""

import re


def parts(pattern: str, name: str) -> dict[str, str] | None:
    """The columns that a file's name gives, or None if the name is not of this pattern.

    >>> parts("ddf--{SERIES}--by--*.csv", "ddf--sh_dyn_mort--by--year.csv"), parts("{SERIES}.csv", "a.xlsx")
    ({'SERIES': 'sh_dyn_mort'}, None)
    """
    pieces = re.split(r"(\*|\{[^{}*]+\})", pattern)
    columns = [piece[1:-1] for piece in pieces if piece.startswith("{")]
    expression = "".join(
        ".*" if piece == "*" else "(.+?)" if piece[:1] == "{" else re.escape(piece) for piece in pieces
    )
    found = re.fullmatch(expression, name, re.DOTALL)
    return dict(zip(columns, found.groups(), strict=True)) if found else None
