-- Columns that count activities by state, of any statement that groups activities with their state.
-- activities: Activities that the row counts, second prints left out. Unit: activities.
-- completed: Of the activities, those reported completed. Unit: activities.
-- under_way: Of the activities, those reported in progress, substantially completed, or delivered for a year. Unit: activities.
-- not_under_way: Of the activities, those reported not started or suspended, and those cancelled. Unit: activities.
-- without_evidence: Of the activities, those whose state nobody has reported. Unit: activities.
-- overdue: Of the activities, dated ones past their end that are not known to be completed or cancelled, and of which no
-- report is awaited. Unit: activities.
-- overdue_without_evidence: Of the overdue, those on which nobody has reported. Unit: activities.
-- disagreements: Of the activities, those whose agencies' latest reports contradict one another in a way that changes a
-- count. Unit: activities.
-- next_due_on: Earliest window_end_in_effect that is still to come, of dated activities, done or not; NULL where there is none.
-- last_reported_on: Day of the latest report in effect; NULL where nobody has reported.
       count(*) AS activities, count(*) FILTER (WHERE reported_status = 'completed') AS completed,
       count(*) FILTER (WHERE reported_status IN ('in_progress', 'substantially_completed', 'delivered')) AS under_way,
       count(*) FILTER (WHERE reported_status IN ('not_started', 'suspended', 'cancelled')) AS not_under_way,
       count(*) FILTER (WHERE reported_status = 'no_evidence') AS without_evidence,
       count(*) FILTER (WHERE is_overdue) AS overdue,
       count(*) FILTER (WHERE is_overdue AND reported_status = 'no_evidence') AS overdue_without_evidence,
       count(*) FILTER (WHERE agencies_disagree) AS disagreements,
       min(window_end_in_effect) FILTER (WHERE timeframe = 'dated' AND timing <> 'closed') AS next_due_on,
       max(last_reported_on) AS last_reported_on
