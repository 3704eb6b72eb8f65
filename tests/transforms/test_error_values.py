"""Error values in the languages of Excel and LibreOffice, and texts that only look like them."""

import pytest

from transforms.text.error_values import is_error_value

ERRORS = [
    "#NULL!",
    "#DIV/0!",
    "#VALUE!",
    "#REF!",
    "#NAME?",
    "#NUM!",
    "#N/A",
    "#SPILL!",
    "#CALC!",
    "#FIELD!",
    "#BLOCKED!",
    "#GETTING_DATA",
    "#ПУСТО!",
    "#ДЕЛ/0!",
    "#ЗНАЧ!",
    "#ССЫЛКА!",
    "#ИМЯ?",
    "#ЧИСЛО!",
    "#Н/Д",
    "#ПЕРЕНОС!",
    "#ВЫЧИСЛ!",
    "#ІМ'Я?",
    "#ПОСИЛАННЯ!",
    "#BEZUG!",
    "#WERT!",
    "#ZAHL!",
    "#NV",
    "#ÜBERLAUF!",
    "#VALEUR!",
    "#NOM?",
    "#NOMBRE!",
    "#¡NULO!",
    "#¡DIV/0!",
    "#¡VALOR!",
    "#¿NOMBRE?",
    "#N/D",
    "#RIF!",
    "#VALORE!",
    "#NÚM!",
    "#NOME?",
    "#WAARDE!",
    "#DEEL/0!",
    "#N/B",
    "#ADR!",
    "#DZIEL/0!",
    "#ARG!",
    "#N/D!",
    "#DEĞER!",
    "#SAYI/0!",
    "#BAŞV!",
    "#YOK",
    "#SAKNAS!",
    "#VÄRDEFEL!",
    "#PUUTTUU!",
    "#JAKO/0!",
    "#ÉRTÉK!",
    "#HIÁNYZIK",
    "#HODNOTA!",
    "#DĚLENÍ_NULOU!",
    "#I/T",
    "###",
    "########",
    "Err:502",
    "Ош:508",
]


@pytest.mark.parametrize("text", [*ERRORS, "#ref!", "#н/д"])
def test_error_values_of_many_languages_are_recognised(text: str) -> None:
    assert is_error_value(text)


@pytest.mark.parametrize(
    "text", ["", "#", "##", "#1", "# 5", "#12!", "N/A", "н/д", "#тег", "№5", "=A1", "Error", "12.3"]
)
def test_other_texts_are_none(text: str) -> None:
    assert not is_error_value(text)
