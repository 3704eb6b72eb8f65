-- name: Reporting rate
-- definition: Of the reports that fell due in the period, the share received by now, late ones too. In rows of an
--   agency its own reports; in total rows an activity's report of a year counts once, received when one of its
--   agencies has reported.
-- numerator: expected reports received
-- denominator: reports due in the period
-- unit: percent
-- direction: higher_is_better
-- basis: reports
-- periods: AQ
-- source: WHO and DHIS2 data quality review: completeness of reporting
SELECT g.plan_id,
       g.agency_id,
       g.time_period,
       g.as_of,
       count(*) FILTER (WHERE r.is_filled) AS numerator,
       count(r.activity_id) AS denominator,
       0 AS excluded,
       NULL AS without_evidence,
       100 * numerator / nullif(denominator, 0) AS value
FROM grid AS g
LEFT JOIN expected_report AS r
  ON r.plan_id = g.plan_id AND r.agency_id = g.agency_id AND r.due_on BETWEEN g.start_date AND g.as_of
GROUP BY g.plan_id, g.agency_id, g.time_period, g.as_of
