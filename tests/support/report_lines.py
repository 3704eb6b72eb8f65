"""Lines of progress reports on the real plan."""

HEADINGS = "activity_id,agency_id,time_period,reported_on,status,percent_complete,completed_on,result_text,evidence_url"
GOOD = "TJK-CRC-2018-01-01,TJK-MOES,2019,2020-01-20,in_progress,40,,,"  # dated, 2018-2019
