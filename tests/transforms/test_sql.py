"""SQL files with placeholders for values and other files."""

from transforms.indicators.registry import indicators
from transforms.sql import statement


def test_values_are_put_in_place_of_their_placeholders() -> None:
    share = statement("indicators/status_share", status="not_started", words="not started")
    assert share.columns["name"] == "Share of status not started"
    assert "status = 'not_started' AS in_numerator" in share.sql
    assert "${" not in share.sql


def test_another_file_is_put_in_place_of_its_placeholder_and_describes_its_columns() -> None:
    counts = statement("indicators/status_counts")
    view = statement("views/measure_status")
    assert counts.sql.rstrip() in view.sql
    assert counts.columns.items() <= view.columns.items()
    assert view.description.startswith("One row per measure: ")
    assert "${" not in view.sql


def test_each_status_has_a_share() -> None:
    names = [file.name for file in indicators()]
    assert names == sorted(set(names))
    assert len([name for name in names if name.startswith("status_share_")]) == 8
    assert not any("${" in file.sql for file in indicators())


def test_a_view_describes_its_columns_itself_even_if_an_included_file_does() -> None:
    view, included = statement("views/statistic_comparison"), statement("statistics/figures")
    assert view.columns["issue_ids"] != included.columns["issue_ids"]
    assert "one of the two figures" in view.columns["issue_ids"]
