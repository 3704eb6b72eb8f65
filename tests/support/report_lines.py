"""Lines of progress reports on the real plan."""

HEADINGS = "activity_id,agency_id,time_period,reported_on,status,percent_complete,completed_on,result_text,evidence_url"
GOOD = "TJK-CRC-2018-01-01,TJK-MOES,2019,2020-01-20,in_progress,40,,,"  # dated, 2018-2019
CONTINUOUS = "TJK-CRC-2018-06-01,TJK-OO,2019,2020-01-20,delivered,,,,"


REFUSED = {
    "activity missing": (GOOD.replace("TJK-CRC-2018-01-01", ""), "activity_missing", "activity_id"),
    "activity unknown": (GOOD.replace("01-01", "01-09"), "activity_unknown", "activity_id"),
    "second print": ("TJK-OPAC-2018-09-02,TJK-MOFA,2019,2020-01-20,in_progress,,,,",
                     "activity_is_second_print", "activity_id"),
    "agency missing": (GOOD.replace("TJK-MOES", " "), "agency_missing", "agency_id"),
    "agency unknown": (GOOD.replace("MOES", "MOEX"), "agency_not_responsible", "agency_id"),
    "agency not responsible": (GOOD.replace("MOES", "OO"), "agency_not_responsible", "agency_id"),
    "year missing": (GOOD.replace(",2019,", ",,"), "year_missing", "time_period"),
    "year unreadable": (GOOD.replace(",2019,", ",last,"), "year_unreadable", "time_period"),
    "day missing": (GOOD.replace("2020-01-20", ""), "day_of_report_missing", "reported_on"),
    "day unreadable": (GOOD.replace("2020-01-20", "2020-02-30"), "day_of_report_unreadable", "reported_on"),
    "day of two conventions": (GOOD.replace("2020-01-20", "03/04/2020"), "day_of_report_unreadable", "reported_on"),
    "status missing": (GOOD.replace("in_progress", ""), "status_missing", "status"),
    "status unknown": (GOOD.replace("in_progress", "well"), "status_unreadable", "status"),
    "percentage of two meanings": (GOOD.replace(",40,", ",0.5,"), "percentage_unreadable", "percent_complete"),
    "percentage out of range": (GOOD.replace(",40,", ",140,"), "percentage_out_of_range", "percent_complete"),
    "completed at 40": (GOOD.replace("in_progress", "completed"), "percentage_against_status", "percent_complete"),
    "not started at 40": (GOOD.replace("in_progress", "not_started"), "percentage_against_status", "percent_complete"),
    "delivered but dated": (GOOD.replace("in_progress,40", "delivered,"), "delivered_but_dated", "status"),
    "before the plan": (GOOD.replace("2019,2020-01-20", "2017,2017-12-31"), "reported_before_plan", "reported_on"),
    "a year to come": (GOOD.replace(",2019,", ",2021,"), "year_after_report", "time_period"),
    "before the window": ("TJK-CRC-2018-11-01,TJK-MOJ,2018,2020-01-20,in_progress,,,,",
                          "year_before_window", "time_period"),
    "completed on without completed": (GOOD.replace("40,,", "40,2019-12-01,"),
                                       "day_of_completion_without_completed", "completed_on"),
    "completed after the report": (GOOD.replace("in_progress,40,", "completed,100,2020-01-21"),
                                   "completed_after_report", "completed_on"),
    "completed before the plan": (GOOD.replace("in_progress,40,", "completed,100,2017-01-21"),
                                  "completed_before_plan", "completed_on"),
    "cancelled without a reason": (GOOD.replace("in_progress,40", "cancelled,"),
                                   "cancellation_without_reason", "result_text"),
    "cancelled with a stroke for a reason": (GOOD.replace("in_progress,40,,,", "cancelled,,,н/д,"),
                                             "cancellation_without_reason", "result_text"),
    "evidence elsewhere": (GOOD + "javascript:alert(1)", "evidence_not_http", "evidence_url"),
    "too many cells": (GOOD + ",more", "too_many_cells", None),
}  # fmt: skip
