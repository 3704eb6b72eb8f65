"""What a spreadsheet program shows in place of a value: the error of a formula, or `####` in a narrow column.

Programs in other languages translate the errors, and a CSV file or a pasted cell keeps the translation. Nearly all of
them are one word in capitals between # and ! or ?; those without the mark are listed."""

import re

# #DIV/0!, #ССЫЛКА!, #¿NOMBRE?, #ΔΙΑΙΡ./0!
_MARKED = re.compile(r"#[¡¿]?[^\W\d_][\w/.'’]*[!?]")
_UNMARKED = {
    "#N/A", "#Н/Д", "#N/D", "#N/V", "#N/B", "#I/T", "#NV", "#YOK", "#Δ/Υ", "#HIÁNYZIK", "#NEDOSTUPNÝ",
    "#NENÍ_K_DISPOZICI", "#Н/А", "#NEXISTĂ", "#GETTING_DATA", "#ОЖИДАНИЕ_ДАННЫХ", "#ПОЛУЧЕНИЕ_ДАННЫХ", "#DATEN_ABRUFEN",
    "#CHARGEMENT_DONNEES", "#OBTENTION_DONNEES", "#OBTENIENDO_DATOS", "#ESTRAZIONE_DATI_IN_CORSO", "#OBTENDO_DADOS",
    "#POBIERANIE_DANYCH",
}  # fmt: skip
_OF_LIBREOFFICE = re.compile(r"(?:Err|Fehler|Erreur|Ошибка|Помилка|Хато):[0-9]{3}")  # Err:502
_FILLED = re.compile("#+")  # ########


def is_error_value(text: str) -> bool:
    """Return True if a whole cell is the error of a formula, in the language of any spreadsheet program.

    >>> [is_error_value(text) for text in ("#REF!", "#ССЫЛКА!", "#Н/Д", "Err:502", "#1 of the list", "#children!")]
    [True, True, True, True, False, False]
    """
    error = text.strip()
    is_marked = _MARKED.fullmatch(error) is not None and error == error.upper()
    return is_marked or error in _UNMARKED or _OF_LIBREOFFICE.fullmatch(error) is not None


def is_too_narrow(text: str) -> bool:
    """Return True if a whole cell is what shows where a number or a date does not fit into its column.

    >>> is_too_narrow("########"), is_too_narrow("#1")
    (True, False)
    """
    return _FILLED.fullmatch(text.strip()) is not None
