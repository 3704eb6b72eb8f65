"""Errors of spreadsheet programs, in their languages."""

import pytest

from transforms.text.error_values import is_error_value, is_too_narrow

# As Excel shows them (en, ru, de, fr, es, it, pt, pl, tr, fi, el, hu, cs, sk, da, sl), LibreOffice and Google Sheets.
ERRORS = """
#NULL! #DIV/0! #VALUE! #REF! #NAME? #NUM! #N/A #SPILL! #CALC! #FIELD! #BLOCKED! #CONNECT! #BUSY! #GETTING_DATA
#ПУСТО! #ДЕЛ/0! #ЗНАЧ! #ССЫЛКА! #ИМЯ? #ЧИСЛО! #Н/Д #ПЕРЕНОС! #ВЫЧИСЛ! #ПОЛЕ! #WERT! #BEZUG! #ZAHL! #NV #ÜBERLAUF!
#NUL! #VALEUR! #NOM? #NOMBRE! #¡NULO! #¡DIV/0! #¡VALOR! #¡REF! #¿NOMBRE? #¡NUM! #N/D #NULLO! #VALORE! #RIF! #NOME?
#NÚM! #DZIEL/0! #ARG! #ADR! #NAZWA? #LICZBA! #N/D! #BAŞV! #DEĞER! #AD? #SAYI/0! #YOK #PUUTTUU! #ΔΙΑΙΡ./0! #ΤΙΜΗ! #Δ/Υ
#HIÁNYZIK #ZÉRÓOSZTÓ! #DĚLENÍ_NULOU! #NENÍ_K_DISPOZICI #NEDOSTUPNÝ #VÆRDI! #I/T #N/V #N/B #ІМ'Я?
#MACRO? ######## ### Err:502 Ошибка:508 #ERROR! #ОШИБКА!
"""


@pytest.mark.parametrize("text", ERRORS.split())
def test_errors_are_recognised(text: str) -> None:
    assert is_error_value(text)
    assert is_error_value(f" {text}\n")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "#",
        "##",
        "#1",
        "#1!",
        "№ 5",
        "#MeToo",
        "#Дети!",
        "#N/A of 5",
        "see #REF!",
        "N/A",
        "REF!",
        "Err:5",
        "#!",
        "ошибка",
    ],
)
def test_texts_are_no_errors(text: str) -> None:
    assert not is_error_value(text)


def test_columns_that_are_too_narrow() -> None:
    assert all(map(is_too_narrow, ("###", " ######## ")))
    assert not any(map(is_too_narrow, ("", "#", "#1", "### text", "#REF!")))
