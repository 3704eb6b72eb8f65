-- name: Share of cited paragraphs all of whose dated activities are done
-- definition: Of the cited paragraphs with dated activities, the share all of whose dated, not cancelled activities
--   are done; in an agency's row by its own activities only.
-- numerator: of these, all dated activities done
-- denominator: cited paragraphs with a dated activity that is not cancelled
-- exclusions: cited paragraphs all of whose dated activities are cancelled
-- unit: percent
-- direction: higher_is_better
-- version: 2
-- valid_from: 2026-11-30
SELECT *, dated > 0 AS in_scope, dated_active = 0 AS is_excluded, dated_done = dated_active AS in_numerator
FROM recommendation
