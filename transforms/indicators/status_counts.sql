-- Columns that count activities by state, of any statement that groups activities with their state.
-- activities: Activities.
-- completed: Of these, those reported completed.
-- under_way: Of these, those in progress, substantially completed, or delivered year by year.
-- not_under_way: Of these, those reported not started, suspended or cancelled.
-- without_evidence: Of these, those on which nobody has reported.
-- overdue: Of these, those closed and not known to be completed or cancelled.
-- overdue_without_evidence: Of the overdue, those on which nobody has reported.
-- disagreements: Activities whose agencies report different statuses.
-- next_due_on: Earliest end of a window not yet closed, of dated activities.
-- last_reported_on: Day of the latest report in effect.
       count(*) AS activities, count(*) FILTER (WHERE reported_status = 'completed') AS completed,
       count(*) FILTER (WHERE reported_status IN ('in_progress', 'substantially_completed', 'delivered')) AS under_way,
       count(*) FILTER (WHERE reported_status IN ('not_started', 'suspended', 'cancelled')) AS not_under_way,
       count(*) FILTER (WHERE reported_status = 'no_evidence') AS without_evidence,
       count(*) FILTER (WHERE is_overdue) AS overdue,
       count(*) FILTER (WHERE is_overdue AND reported_status = 'no_evidence') AS overdue_without_evidence,
       count(*) FILTER (WHERE agencies_disagree) AS disagreements,
       min(window_end) FILTER (WHERE timeframe = 'dated' AND timing <> 'closed') AS next_due_on,
       max(last_reported_on) AS last_reported_on
