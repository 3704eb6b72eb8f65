-- One row per activity, with its plan, measure, cited paragraphs, agencies, window and state: for reading without joins.
-- A second print has duplicate_of: count with duplicate_of IS NULL.
-- country_code: Country, ISO 3166-1 alpha-3.
-- instrument: Treaty instrument that the plan answers to.
-- plan_id: dim_plan.plan_id
-- plan_title: dim_plan.title
-- measure_summary: dim_measure.summary
-- recommendation_numbers: Numbers of the paragraphs that the measure cites, ascending.
-- agencies: Abbreviations of the agencies responsible, in the order of print; the first is not the lead.
-- agency_ids: Ids of the agencies responsible, in the order of print.
-- duration_years: Years of the window, first and last included. Unit: years.
-- as_of: Day for which the release is computed; the state is that at its end.
-- timing: upcoming (not begun), open, closed (window_end_in_effect <= as_of).
-- window_end_in_effect: Last day on which it is to run, by the latest decision of the approving body; without one, window_end.
-- reported_status: State by the latest reports of all agencies that answer for it, whatever their order; cancelled only by a
-- decision of the approving body; no_evidence where nobody has reported.
-- last_reported_on: Day of the latest report in effect, of any agency; NULL where nobody has reported.
-- percent_complete: How much is done: the lowest that its agencies report; NULL where none says. Unit: percent.
-- completed_on: Day of completion: the latest that its agencies report; NULL where it is not completed, or none says.
-- completed_by_all: Whether every agency that answers for it has reported it completed.
-- completed_by_any: Whether at least one of them reports it completed.
-- agencies_disagree: Whether the latest reports of its agencies contradict one another in a way that changes a count: one says
-- that it is done (completed, delivered), another that it is under way (in progress, substantially completed) or is not (not
-- started, suspended).
-- cancellation_claims: Agencies whose latest report says cancelled, which cancels nothing; 0 once a decision does. Unit:
-- agencies or their units.
-- is_awaiting_report: Whether it is dated, past its end and not known to be done, and the report about its last period is
-- neither there nor late.
-- is_overdue: Whether it is past its end, not known to be completed or cancelled, and no report is awaited; NULL unless
-- timeframe is dated, and for a second print.
-- days_overdue: Days from window_end_in_effect to as_of; NULL unless overdue. Unit: days.
-- evidence_age_days: Days since the latest report of its agencies took effect; NULL where there is none. Unit: days.
-- is_stale: Whether a report about a later period than that report's fell due and is not there; false where it is completed
-- or cancelled, or nobody has reported.
-- line_first: dim_activity.line_first
SELECT a.activity_id, a.measure_id, a.plan_id, p.country_code, p.instrument, p.title AS plan_title,
       m.measure_number, m.summary AS measure_summary, r.recommendation_numbers,
       a.activity_number, a.number_in_source, a.activity_text, a.expected_result, g.agencies, g.agency_ids,
       a.period_text, a.schedule_kind, a.timeframe, a.window_start, a.window_end, s.window_end_in_effect, a.window_source,
       year(a.window_end) - year(a.window_start) + 1 AS duration_years,
       s.as_of, s.timing, s.reported_status, s.last_reported_on, s.percent_complete, s.completed_on, s.completed_by_all,
       s.completed_by_any, s.agencies_disagree, s.cancellation_claims, s.is_awaiting_report, s.is_overdue, s.days_overdue,
       s.evidence_age_days, s.is_stale, a.duplicate_of, p.document_id, a.line_first, a.line_last
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
