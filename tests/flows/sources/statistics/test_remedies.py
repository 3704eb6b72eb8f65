"""The remedy that a rejection offers works: with it, the same file is read."""

import pytest

from tests.support.one_data_set import PLAIN, Load

_ROW = "SERIES,FREQ,REF_AREA,SEX,UNIT_MULT,NATURE,OCCUPATION,TIME_PERIOD,OBS_VALUE\n"
_OWN = 'own_codes = ["sex", "ref_area"]\n'  # the other codes are asked too, unless this is said
_OTHER = '[concepts]\nOCCUPATION = "other_breakdown"\n'


def _rows(series: str = "SI_POV_NAHC", freq: str = "A", area: str = "TJ", sex: str = "M", mult: str = "0") -> str:
    right = "SI_POV_NAHC,A,KG,M,0,E,,2018,1\n"
    return f"{_ROW}{right}{series},{freq},{area},{sex},{mult},E,,2019,1\n"


_CASES = [  # the file, dataset.toml, what is said, dataset.toml as the remedy says
    (_rows(sex="X1"), _OTHER, "or define it in [define.sex]", _OWN + _OTHER + '[define.sex]\nX1 = "other"\n'),
    (_rows(sex="X1"), _OTHER, "Say in dataset.toml [codes.sex]", _OWN + _OTHER + '[codes.sex]\nX1 = "F"\n'),
    (_rows("X1"), _OTHER, "define it in [define.statistic_id]", _OTHER + '[define.statistic_id]\nX1 = "x"\n'),
    (_rows(area="X1"), _OTHER, "define it in [define.ref_area]", _OWN + _OTHER + '[define.ref_area]\nX1 = "x"\n'),
    (_rows(area=""), _OTHER, "Say in dataset.toml [codes.ref_area] which", _OTHER + '[codes.ref_area]\n"" = "TJ"\n'),
    (_rows(""), _OTHER, "Say in dataset.toml [series] which", _OTHER + '[series]\n"" = "SI_POV_NAHC"\n'),
    (_rows(freq="D"), _OTHER, "[codes.freq] which of A, S, Q and M", _OTHER + '[codes.freq]\nD = "A"\n'),
    (_rows(freq="D"), _OTHER, "or leave its rows out: [keep] freq", _OTHER + '[keep]\nfreq = ["A"]\n'),
    (_rows(mult="x"), _OTHER, "Say in dataset.toml [codes.unit_mult] which", _OTHER + '[codes.unit_mult]\nx = "3"\n'),
    (PLAIN + "SI_POV_NAHC,TJ,,1\n", "", "map others in dataset.toml", '[codes.time_period]\n"" = "2019"\n'),
    (PLAIN + "SI_POV_NAHC,TJ,2019,1\nSource: AOS\n", "", "[layout] end", '[layout]\nend = "Source"\n'),
    ("Title\n" + PLAIN + "SI_POV_NAHC,TJ,2019,1\n", '[layout]\nheader = "Series"\n', "Correct [layout] header",
     '[layout]\nheader = "SERIES"\n'),
    (PLAIN.replace(",", ";") + "SI_POV_NAHC;TJ;2019;1,5\n", '[constants]\ndecimal = ","\n', "above the first [section]",
     'decimal = ","\n'),
    (PLAIN + "SI_POV_NAHC,TJ,2019,1\n", '[define.statistic_id]\ndelimiter = ","\n', "above the first [section]",
     'delimiter = ","\n'),
    (PLAIN + "SI_POV_NAHC,TJ,2019,1\n", '[concepts]\nencoding = "utf-8"\n', "above the first [section]",
     'encoding = "utf-8"\n'),
]  # fmt: skip


@pytest.mark.parametrize(("data", "toml", "expected", "mended"), _CASES)
def test_the_remedy_of_a_rejection_works(load: Load, data: str, toml: str, expected: str, mended: str) -> None:
    assert expected in load(toml, a=data).faults
    loaded = load(mended, a=data)
    read, published, aside, _ = loaded.counts
    assert read == published + aside
    assert len(loaded.rows()) == published


@pytest.mark.parametrize("defined", ["freq]\nD", "freq]\nX", "unit_mult]\nx", 'ref_area]\n""', 'statistic_id]\n""'])
def test_what_cannot_be_a_code_is_not_defined(load: Load, defined: str) -> None:
    faults = load(f'[define.{defined} = "x"\n', a=PLAIN + "SI_POV_NAHC,TJ,2019,1\n").faults
    assert faults.count("defines what cannot be a code") == 1
    assert "npa's own list" not in faults


def test_a_cell_beyond_the_heading_is_named_there(load: Load) -> None:
    faults = load(a=PLAIN.strip() + ",\nSI_POV_NAHC,TJ,2019,1,x\n").faults
    assert "Name the column in the heading, or empty the cell." in faults
    assert load('[concepts]\nNOTE = ""\n', a=PLAIN.strip() + ",NOTE\nSI_POV_NAHC,TJ,2019,1,x\n").counts == (1, 1, 0, 0)
    assert load(a=PLAIN.strip() + ",\nSI_POV_NAHC,TJ,2019,1,\n").counts == (1, 1, 0, 0)
