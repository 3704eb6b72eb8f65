-- The window of an activity lies inside its plan's period, and is that period where the plan states none.
SELECT activity_id AS place, 'the window is ' || window_start::DATE || ' to ' || window_end::DATE AS fault
FROM dim_activity JOIN dim_plan USING (plan_id)
WHERE window_start < start_date OR window_end > end_date OR window_end < window_start
   OR (window_source = 'plan_period' AND (window_start <> start_date OR window_end <> end_date))
ORDER BY activity_id
