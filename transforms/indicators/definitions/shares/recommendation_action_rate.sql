-- name: Share of recommendations acted on
-- definition: Of the recommendations, the share with an activity in progress, substantially completed, completed
--   or delivered; in an agency's row by its own activities only.
-- numerator: of these, with an activity in progress, substantially completed, completed or delivered
-- denominator: recommendations with an activity that is not cancelled
-- exclusions: recommendations all of whose activities are cancelled
-- unit: percent
-- direction: higher_is_better
-- source: UPR Info, methodology of the follow-up: recommendations triggering action
SELECT *, true AS in_scope, active = 0 AS is_excluded, acted_on > 0 AS in_numerator, NULL AS is_silent
FROM recommendation
