"""Error values of spreadsheet programs, in every language in which they are shown or exported."""

import re

# English, Russian, Ukrainian, German, Spanish, Portuguese, French, Italian, Polish, Dutch, Turkish, Scandinavian …
_WORDS = (
    "N/A N/D NV N/B NA YOK BRAK PUUTTUU HIÁNYZIK H/Q Н/Д "  # not available
    "REF! BEZUG! ¡REF! REF RIF! ADR! VERW! BAŞV! REFERENS! REFERANSE! REFERENCE! VIITTAUS! HIV! ODKAZ! ССЫЛКА! "
    "ПОСИЛАННЯ! "
    "DIV/0! ¡DIV/0! DEL/0! DEEL/0! DZIEL/0! SAYI/0! JAKO/0! ZÉROOSZTÓ! DIVISION/0! DIVISJON/0! DĚLENÍ_NULOU! ДЕЛ/0! "
    "VALUE! WERT! ¡VALOR! VALOR! VALEUR! VALORE! ARG! WAARDE! DEĞER! VÄRDEFEL! VERDI! VÆRDI! VÆRDI! ARVO! ÉRTÉK! "
    "HODNOTA! ЗНАЧ! ЗНАЧЕННЯ! "
    "NAME? ¿NOMBRE? NOM? NOME? NAZWA? NAAM? AD? NAMN? NAVN? NIMI? NÉV? NÁZEV? ИМЯ? ІМ'Я? "
    "NUM! ZAHL! ¡NUM! NÚM! ¡NÚM! NOMBRE! LICZBA! GETAL! SAYI! OGILTIGT! NUMMER! LUKU! SZÁM! ČÍSLO! ЧИСЛО! "
    "NULL! ¡NULO! NULO! NUL! NULLO! ZERO! LEEG! BOŞ! SKÄRNING! TYHJÄ! NULLA! ПУСТО! "
    "SPILL! CALC! GETTING_DATA FIELD! BLOCKED! CONNECT! UNKNOWN! BUSY! PYTHON! EXTERNAL! ÜBERLAUF! KALK! ПЕРЕНОС! "
    "ПЕРЕЛИВ! ВЫЧИСЛ! РАСЧЕТ! ПОЛЕ! ЗАБЛОКИРОВАНО! ОЖИДАНИЕ_ДАННЫХ"
)
_ERRORS = frozenset(f"#{word}" for word in _WORDS.split())
_SHAPES = re.compile(r"#{3,}|(?:Err|Ошибка|Фел):[0-9]{3}", re.IGNORECASE)  # "########": the column was too narrow


def is_error_value(text: str) -> bool:
    """Return True if a text is what a spreadsheet program shows where a formula went wrong, or a column is too narrow.

    >>> is_error_value("#N/A"), is_error_value("#ССЫЛКА!"), is_error_value("########"), is_error_value("Err:502")
    (True, True, True, True)
    >>> is_error_value("#1"), is_error_value("№ 3"), is_error_value("нет")
    (False, False, False)
    """
    return text.upper() in _ERRORS or _SHAPES.fullmatch(text) is not None
