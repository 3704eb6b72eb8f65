-- name: Share of cited paragraphs with an activity reported as begun
-- definition: Of the paragraphs of the treaty body's document that a plan cites, the share with an activity in progress,
--   substantially completed, completed or delivered; in an agency's row by its own activities only. It says nothing of
--   whether a recommendation is implemented, and a cited paragraph may hold none.
-- numerator: of these, with an activity in progress, substantially completed, completed or delivered
-- denominator: cited paragraphs with an activity that is not cancelled
-- exclusions: cited paragraphs all of whose activities are cancelled
-- unit: percent
-- direction: higher_is_better
-- source: Adapted from UPR Info, methodology of the follow-up: recommendations triggering action
-- version: 2
-- valid_from: 2026-11-30
SELECT *, true AS in_scope, active = 0 AS is_excluded, acted_on > 0 AS in_numerator
FROM recommendation
