-- name: Share of status ${words}
-- definition: Of the activities begun, the share whose status is ${words}. The shares of all statuses sum to 100.
-- numerator: of these, with status ${words}
-- denominator: activities begun
-- unit: percent
-- direction: neither
-- version: 2
-- valid_from: 2026-11-30
SELECT *, is_begun AS in_scope, false AS is_excluded, status = '${status}' AS in_numerator
FROM judged
