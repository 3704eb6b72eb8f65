-- One row per agency, those without activities included: how many it takes part in, second prints left out. Agencies share
-- activities, so the rows do not add up to a total.
-- agency_id: dim_agency.agency_id
-- name: dim_agency.name
-- activities: Activities that the agency takes part in. Unit: activities.
-- dated: Of the activities, those with years stated. Unit: activities.
-- continuous: Of the activities, those that recur or run until resolved. Unit: activities.
-- undated: Of the activities, those by procedure or without a period. Unit: activities.
-- alone: Of the activities, those for which no other agency is responsible. Unit: activities.
-- due_by_year: Year → dated activities whose window ends in it; NULL where none is dated. Unit: activities.
SELECT g.agency_id, g.abbreviation, g.name, g.agency_type, g.is_collective, count(a.activity_id) AS activities,
       count(*) FILTER (WHERE a.timeframe = 'dated') AS dated,
       count(*) FILTER (WHERE a.timeframe = 'continuous') AS continuous,
       count(*) FILTER (WHERE a.timeframe = 'undated') AS undated, count(*) FILTER (WHERE a.agency_count = 1) AS alone,
       histogram(year(a.window_end)::VARCHAR) FILTER (WHERE a.timeframe = 'dated') AS due_by_year
FROM dim_agency AS g
LEFT JOIN (
    SELECT b.agency_id, d.activity_id, d.timeframe, d.window_end, count(*) OVER (PARTITION BY d.activity_id) AS agency_count
    FROM bridge_activity_agency AS b JOIN dim_activity AS d USING (activity_id)
    WHERE d.duplicate_of IS NULL
) AS a USING (agency_id)
GROUP BY ALL ORDER BY activities DESC, g.agency_id
