"""Evidence: an address, a file of raw/evidence, or a reference in words."""

import json
import unicodedata
from pathlib import Path

import pytest

from tests.support.command import Run, npa
from tests.support.paths import AS_OF
from tests.support.publish import Publish, Report
from tests.support.report_lines import GOOD

_CITED = "SELECT evidence_kind, evidence_url, evidence_text FROM fact_progress ORDER BY reported_on"


def _lines(*texts: str) -> list[str]:
    """Return a report with each text as evidence, one day each."""
    return [f"{GOOD.replace('01-20', f'01-{day}')}{text}" for day, text in enumerate(texts, 11)]


def _put(raw: Path, *names: str) -> None:
    for name in names:
        path = raw / "evidence" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode())


def test_each_kind_of_evidence(raw: Path, publish: Publish) -> None:
    _put(raw, "order.pdf", "TJK-MOES/decree 7.pdf", "TJK-MOES/order 2.pdf", "order 2.pdf", "sub/scan.jpg")
    ask = publish(
        *_lines(
            "https://example.org/a", "order.pdf", "Приказ № 12 от 10.01.2020", "evidence/order.pdf", "decree 7.pdf",
            r"raw\evidence\TJK-MOES\decree 7.pdf", "order 2.pdf", "sub/scan.jpg", "scan.jpg", "",
        )
    )  # fmt: skip
    assert ask(_CITED) == [
        ("web", "https://example.org/a", None),
        ("file", None, "evidence/order.pdf"),
        ("reference", None, "Приказ № 12 от 10.01.2020"),
        ("file", None, "evidence/order.pdf"),
        ("file", None, "evidence/TJK-MOES/decree 7.pdf"),
        ("file", None, "evidence/TJK-MOES/decree 7.pdf"),
        ("file", None, "evidence/TJK-MOES/order 2.pdf"),
        ("file", None, "evidence/sub/scan.jpg"),
        ("reference", None, "scan.jpg"),
        (None, None, None),
    ]
    assert ask("""SELECT rule, line_number, arguments ->> 'text' FROM quality_issue WHERE rule LIKE 'evidence_%'
                  ORDER BY 1""") == [
        ("evidence_file_missing", 10, "scan.jpg"), ("evidence_not_cited", None, None),
    ]  # fmt: skip
    assert ask("SELECT places, arguments ->> 'files' FROM quality_issue WHERE rule = 'evidence_not_cited'") == [
        (1, "evidence/order 2.pdf")
    ]


def test_a_name_that_is_almost_that_of_a_file_is_said(raw: Path, report: Report) -> None:
    decomposed = unicodedata.normalize("NFD", "Приказ й.pdf")
    _put(raw, "ORDER.PDF", decomposed, "a.pdf", "A.pdf", "Two  blanks.pdf")
    ask = report(*_lines("order.pdf", "Приказ й.pdf", "a.PDF", "A.pdf", "two blanks.pdf"))
    assert ask(_CITED) == [
        ("file", None, "evidence/ORDER.PDF"), ("file", None, f"evidence/{decomposed}"), ("reference", None, "a.PDF"),
        ("file", None, "evidence/A.pdf"), ("file", None, "evidence/Two  blanks.pdf"),
    ]  # fmt: skip
    assert ask("SELECT line_number, message_id FROM quality_issue WHERE rule LIKE 'evidence_name%' ORDER BY 1") == [
        (2, "evidence_name_differs"), (3, "evidence_name_differs"), (4, "evidence_name_differs.several"),
        (6, "evidence_name_differs"),
    ]  # fmt: skip


def test_words_that_name_no_file_are_a_reference(report: Report) -> None:
    texts = ["Order No. 12", "file order.pdf of 12 May", "www.example.org", "Отчёт.docx", "письмо № 3/12"]
    ask = report(*_lines(*texts))
    assert ask(_CITED) == [("reference", None, text) for text in texts]
    assert ask("SELECT line_number, published_value FROM quality_issue WHERE rule = 'evidence_file_missing'") == [
        (5, "Отчёт.docx")
    ]


def test_evidence_goes_into_manifest_and_fingerprint_and_is_never_read(raw: Path, refresh: Run, tmp_path: Path) -> None:
    _put(raw, "order.pdf", "looks-like-a-report.csv")
    assert "published" in refresh().stdout
    manifest = json.loads((tmp_path / "warehouse" / "current" / "manifest.json").read_text())
    cited = [source for source in manifest["inputs"] if source["path"].startswith("evidence/")]
    assert [source["path"] for source in cited] == ["evidence/looks-like-a-report.csv", "evidence/order.pdf"]
    assert all(source["sha256"] and "rows" not in source for source in cited)
    assert "up to date" in refresh().stdout
    (raw / "evidence" / "order.pdf").write_bytes(b"another scan")
    assert "published" in refresh().stdout
    (raw / "evidence" / "order.pdf").unlink()
    gone = refresh()
    assert gone.returncode == 1
    assert "evidence/order.pdf: it is gone" in gone.stderr


def test_evidence_that_cannot_be_read_is_said(raw: Path, publish: Publish, tmp_path: Path) -> None:
    secret = tmp_path / "secret.pdf"
    secret.write_text("not npa's")
    _put(raw, ".scan.pdf.icloud")
    (raw / "evidence" / "order.pdf").symlink_to(secret)
    ask = publish(*_lines("order.pdf"))
    assert ask("SELECT evidence_kind FROM fact_progress") == [("reference",)]
    assert ask("SELECT source_file, message_id FROM quality_issue WHERE rule = 'evidence_unreadable' ORDER BY 1") == [
        ("evidence/.scan.pdf.icloud", "file_unreadable.not_here"),
        ("evidence/order.pdf", "file_unreadable.link_leads_out"),
    ]


def test_a_folder_of_evidence_that_leads_elsewhere_is_refused(raw: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (raw / "evidence").symlink_to(tmp_path / "elsewhere")
    ran = npa("check", "--raw", raw, "--warehouse", raw / "warehouse", "--as-of", AS_OF)
    assert ran.returncode == 1
    assert "evidence: the link leads out of the folder of sources" in ran.stderr


@pytest.mark.parametrize("text", ["order.pdf", "Order No. 12", "https://example.org"])
def test_any_kind_of_evidence_counts(raw: Path, publish: Publish, text: str) -> None:
    _put(raw, "order.pdf")
    ask = publish(GOOD.replace("in_progress,40,", "completed,100,2019-12-01") + text)
    assert ask("""SELECT numerator, denominator FROM fact_indicator WHERE indicator_id = 'EVIDENCE_RATE'
                  AND time_period = '2020' AND plan_id = '_T' AND agency_id = '_T'""") == [(1, 1)]
