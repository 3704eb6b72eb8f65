-- A second print names an activity of the same plan that stands before it and is itself no second print.
SELECT d.activity_id AS place, 'duplicate_of names ' || d.duplicate_of AS fault
FROM dim_activity AS d JOIN dim_activity AS o ON o.activity_id = d.duplicate_of
WHERE o.plan_id <> d.plan_id OR o.line_first >= d.line_first OR o.duplicate_of IS NOT NULL
ORDER BY d.activity_id
