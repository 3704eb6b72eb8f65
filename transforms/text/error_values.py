"""Error values of spreadsheet programs, in every language in which they are shown or exported."""

import re

# Those that do not end in ! or ?: what is not available, and what is still being fetched.
_WORDS = frozenset(
    [
        "#N/A",
        "#N/D",
        "#N/B",
        "#NV",
        "#I/T",
        "#YOK",
        "#NA",
        "#H/Q",
        "#HIÁNYZIK",
        "#NENÍ_K_DISPOZICI",
        "#NEDOSTUPNÝ",
        "#Н/Д",
        "#GETTING_DATA",
        "#ОЖИДАНИЕ_ДАННЫХ",
        "#ПОЛУЧЕНИЕ_ДАННЫХ",
    ]
)
_SHAPES = re.compile(
    r"#[¡¿]?[^\W\d_][\w/.'’ ]{0,20}[!?]"  # #REF!, #DIV/0!, #ССЫЛКА!, #¿NOMBRE?
    r"|#{3,}"  # ########: the column was too narrow
    r"|(?:ERR|ОШ|ОШИБКА): ?[0-9]{3}"  # Err:502 of LibreOffice
)


def is_error_value(text: str) -> bool:
    """Return True if a text is what a spreadsheet program shows where a formula went wrong, or a column is too narrow.

    >>> is_error_value("#N/A"), is_error_value("#ССЫЛКА!"), is_error_value("########"), is_error_value("Err:502")
    (True, True, True, True)
    >>> is_error_value("#1"), is_error_value("№ 3"), is_error_value("нет"), is_error_value("# of girls")
    (False, False, False, False)
    """
    return text.upper() in _WORDS or _SHAPES.fullmatch(text.upper()) is not None
