-- One row per accepted line. It takes effect on the day of completion that it reports, else on the day of the report or the
-- last day of the period that it is about, whichever comes first. The order is that of the key, which Parquet takes over.
INSERT INTO fact_progress BY NAME
SELECT j.activity_id, j.agency_id, j.reporting_unit, j.time_period, j.reported_on,
       coalesce(j.completed_on, least(j.reported_on, j.period_end)) AS effective_on, e.received_on, e.registry_number, j.status,
       j.percent_complete, j.completed_on, j.result_text, j.evidence_url, j.evidence_text, s.source_file, s.source_sheet, j.source_row
FROM judged_line AS j ANTI JOIN set_aside USING (line) JOIN report_sheet AS s USING (sheet_id)
LEFT JOIN dim_report_receipt AS e ON e.source_file = s.source_file
ORDER BY j.report_key
