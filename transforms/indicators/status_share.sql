-- name: Share of status ${words}
-- definition: Of the activities begun, the share whose status is ${words}. The shares of all statuses sum to 100.
-- numerator: of these, with status ${words}
-- denominator: activities begun
-- unit: percent
-- direction: neither
SELECT *, is_begun AS in_scope, false AS is_excluded, status = '${status}' AS in_numerator
FROM judged
