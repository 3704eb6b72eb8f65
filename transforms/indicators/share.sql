-- One row per indicator × plan × agency × period: of the rows `in_scope` that are not `is_excluded`, the share that is
-- `in_numerator`, in percent. `rows` are those of all statements of definitions/shares, each with its indicator_id; the header of
-- one may have another basis or other periods than here. `without_evidence` and `stale` are NULL if the rows are no activities,
-- `self_dated` if they are no reports: then their is_silent, is_stale or is_self_dated is NULL. One aggregate of all takes a
-- third less time than one for each.
-- basis: reports
-- periods: AQ
SELECT indicator_id, plan_id, agency_id, time_period, as_of,
       count(*) FILTER (WHERE in_scope AND NOT is_excluded AND in_numerator) AS numerator,
       count(*) FILTER (WHERE in_scope AND NOT is_excluded) AS denominator,
       count(*) FILTER (WHERE in_scope AND is_excluded) AS excluded,
       CASE WHEN count(is_silent) > 0 THEN count(*) FILTER (WHERE in_scope AND NOT is_excluded AND is_silent) END
           AS without_evidence,
       CASE WHEN count(is_stale) > 0 THEN count(*) FILTER (WHERE in_scope AND NOT is_excluded AND is_stale) END AS stale,
       CASE WHEN count(is_self_dated) > 0
            THEN count(*) FILTER (WHERE in_scope AND NOT is_excluded AND in_numerator AND is_self_dated) END AS self_dated,
       100 * numerator / nullif(denominator, 0) AS value
FROM (
${rows})
GROUP BY indicator_id, plan_id, agency_id, time_period, as_of
