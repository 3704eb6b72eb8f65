-- One row per activity, with its plan, measure, cited paragraphs, agencies, window and state: for reading without joins.
-- A second print has duplicate_of: count with duplicate_of IS NULL.
-- country_code: Country, ISO 3166-1 alpha-3.
-- instrument: Treaty instrument that the plan answers to.
-- plan_title: Title of the plan as printed.
-- measure_summary: Summary of the measure.
-- recommendation_numbers: Numbers of the paragraphs that the measure cites, ascending.
-- agencies: Abbreviations of the agencies responsible, in the order of print; the first is not the lead.
-- agency_ids: Ids of the agencies responsible, in the order of print.
-- duration_years: Years of the window, first and last included.
-- as_of: Day for which the release is computed; the state is that at its end.
-- timing: upcoming (not begun), open, closed (window_end <= as_of).
-- reported_status: Status by the reports received; no_evidence where nobody has reported.
-- last_reported_on: Day of the latest report in effect, of any agency.
-- percent_complete: How much is done, by the report that counts. Unit: percent.
-- completed_on: Day of completion, by the report that counts.
-- agencies_disagree: Whether the latest reports of its agencies differ in status.
-- is_overdue: Closed, and not known to be completed or cancelled; NULL unless dated, and for a second print.
-- days_overdue: Days from window_end to as_of; NULL unless overdue.
SELECT a.activity_id, a.measure_id, a.plan_id, p.country_code, p.instrument, p.title AS plan_title,
       m.measure_number, m.summary AS measure_summary, r.recommendation_numbers,
       a.activity_number, a.number_in_source, a.activity_text, a.expected_result, g.agencies, g.agency_ids,
       a.period_text, a.schedule_kind, a.timeframe, a.window_start, a.window_end, a.window_source,
       year(a.window_end) - year(a.window_start) + 1 AS duration_years,
       s.as_of, s.timing, s.reported_status, s.last_reported_on, s.percent_complete, s.completed_on,
       s.agencies_disagree, s.is_overdue, s.days_overdue, a.duplicate_of, p.document_id, a.line_first, a.line_last
FROM dim_activity AS a JOIN dim_plan AS p USING (plan_id) JOIN dim_measure AS m USING (measure_id)
JOIN (
    SELECT measure_id, list(recommendation_number ORDER BY recommendation_number) AS recommendation_numbers
    FROM bridge_measure_recommendation JOIN dim_recommendation USING (recommendation_id)
    GROUP BY measure_id
) AS r USING (measure_id)
JOIN (
    SELECT activity_id, list(abbreviation ORDER BY position) AS agencies, list(agency_id ORDER BY position) AS agency_ids
    FROM bridge_activity_agency JOIN dim_agency USING (agency_id) GROUP BY activity_id
) AS g USING (activity_id)
JOIN activity_status((SELECT as_of FROM release)) AS s USING (activity_id)
ORDER BY a.activity_id
