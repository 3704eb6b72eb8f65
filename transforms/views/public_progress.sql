-- One row per accepted line of a progress report, as everybody may read it: what the agency wrote in words is left out, but for
-- results that raw/public.csv names. Publish this, not fact_progress.
-- agency_id: dim_agency.agency_id
-- reporting_unit: fact_progress.reporting_unit
-- time_period: fact_progress.time_period
-- reported_on: fact_progress.reported_on
-- effective_on: fact_progress.effective_on
-- status: fact_progress.status
-- percent_complete: fact_progress.percent_complete
-- completed_on: fact_progress.completed_on
-- result_text: Result reported, in the agency's words, where raw/public.csv names it; NULL where it does not, or none is reported.
-- is_public: Whether raw/public.csv names the result.
-- evidence_kind: fact_progress.evidence_kind
SELECT f.activity_id, f.agency_id, f.reporting_unit, f.time_period, f.reported_on, f.effective_on, f.status,
       f.percent_complete, f.completed_on, p.result_text, p.result_text IS NOT NULL AS is_public, f.evidence_kind
FROM fact_progress AS f
LEFT JOIN public_result AS p
  ON p.activity_id = f.activity_id AND p.agency_id = f.agency_id AND p.reporting_unit = f.reporting_unit
 AND p.time_period = f.time_period AND p.reported_on = f.reported_on AND p.result_text = f.result_text
ORDER BY ALL
