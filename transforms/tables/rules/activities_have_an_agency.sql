-- Every activity has at least one agency, and their positions are 1 … n.
SELECT activity_id AS place,
       CASE count(b.position) WHEN 0 THEN 'the activity has no agency' ELSE 'positions of agencies have gaps' END AS fault
FROM dim_activity AS a LEFT JOIN bridge_activity_agency AS b USING (activity_id)
GROUP BY activity_id
HAVING count(b.position) = 0 OR max(b.position) <> count(b.position) OR count(DISTINCT b.position) <> count(b.position)
ORDER BY activity_id
