"""What a spreadsheet program shows in place of a value: the error of a formula, or `####` in a narrow column.

Programs in other languages translate the errors, and a CSV file or a pasted cell keeps the translation. Nearly all of
them are one word in capitals between # and ! or ?; those without the mark are listed."""

import re

# #DIV/0!, #ССЫЛКА!, #¿NOMBRE?, #ΔΙΑΙΡ./0!
_MARKED = re.compile(r"#[¡¿]?[^\W\d_][\w/.'’]*[!?]")
_UNMARKED = (
    "#N/A #NA #Н/Д #N/D #N/V #N/B #I/T #NV #YOK #BRAK #H/Q #Δ/Υ #Н/А #HIÁNYZIK #NEDOSTUPNÝ #NENÍ_K_DISPOZICI #NEXISTĂ "
    "#GETTING_DATA #ОЖИДАНИЕ_ДАННЫХ #ПОЛУЧЕНИЕ_ДАННЫХ #DATEN_ABRUFEN #CHARGEMENT_DONNEES #OBTENTION_DONNEES "
    "#OBTENIENDO_DATOS #ESTRAZIONE_DATI_IN_CORSO #OBTENDO_DADOS #POBIERANIE_DANYCH"
)
_OF_LIBREOFFICE = re.compile(r"(?:Err|Fehler|Erreur|Ошибка|Помилка|Хато):[0-9]{3}", re.IGNORECASE)  # Err:502
_FILLED = re.compile("#{3,}")  # ########


def is_error_value(text: str) -> bool:
    """Return True if a whole cell is what a spreadsheet program, in any language, shows in place of a value.

    >>> [is_error_value(text) for text in ("#REF!", "#ССЫЛКА!", "#Н/Д", "Err:502", "########")]
    [True, True, True, True, True]
    >>> [is_error_value(text) for text in ("#1", "№ 3", "нет", "#children!")]
    [False, False, False, False]
    """
    error = text.strip()
    if not error.startswith("#"):
        return _OF_LIBREOFFICE.fullmatch(error) is not None
    is_marked = error == error.upper() and _MARKED.fullmatch(error) is not None
    return is_marked or error.upper() in _UNMARKED.split() or is_too_narrow(error)


def is_too_narrow(text: str) -> bool:
    """Return True if a whole cell is what shows where a number or a date does not fit into its column.

    >>> is_too_narrow("########"), is_too_narrow("#1")
    (True, False)
    """
    return _FILLED.fullmatch(text.strip()) is not None
