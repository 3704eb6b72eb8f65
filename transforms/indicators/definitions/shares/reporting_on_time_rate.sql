-- name: On-time reporting rate
-- definition: Of the reports that fell due in the period, the share received by the day on which they were due. In
--   rows of an agency its own reports; in total rows an activity's report of a year counts once, received when one
--   of its agencies has reported.
-- numerator: expected reports received on time
-- denominator: reports due in the period
-- unit: percent
-- direction: higher_is_better
-- source: WHO and DHIS2 data quality review: timeliness of reporting
SELECT *, is_expected AS in_scope, false AS is_excluded, is_on_time AS in_numerator, NULL AS is_silent
FROM due_report
