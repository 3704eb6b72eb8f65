-- One row per agency with activities: the states of these as of the release, second prints left out. Agencies share
-- activities, so the rows do not add up to a total.
-- agency_id: dim_agency.agency_id
-- name: dim_agency.name
SELECT g.agency_id, g.abbreviation, g.name,
${indicators/status_counts}
FROM dim_agency AS g JOIN bridge_activity_agency AS b USING (agency_id)
JOIN activities AS a USING (activity_id)
WHERE a.duplicate_of IS NULL GROUP BY ALL ORDER BY 1
