-- One row per line that was sent back and changed, and the line that it is to take the place of. It must be about the same
-- activity, agency, unit and period, unless they were at fault: what was written over another row corrects nothing.
CREATE TEMP TABLE replacement AS
SELECT s.line, s.origin
FROM sent_back AS s JOIN judged_line AS l ON l.line = s.line JOIN judged_line AS o ON o.line = s.origin
WHERE NOT s.is_untouched AND NOT l.is_blank
  AND ((l.activity_id, l.agency_id, l.reporting_unit, l.time_period)
       IS NOT DISTINCT FROM (o.activity_id, o.agency_id, o.reporting_unit, o.time_period)
       OR s.origin IN (SELECT line FROM fault
                       WHERE column_name IS NULL
                          OR column_name IN ('activity_id', 'agency_id', 'reporting_unit', 'time_period')))
