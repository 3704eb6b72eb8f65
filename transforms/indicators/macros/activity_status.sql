-- One row per activity: how it stood at the end of the day `as_of`, by the reports received by `known_on` (NULL: by `as_of`).
-- parameters: as_of, known_on := NULL
FROM activity_status_on([as_of::DATE], coalesce(known_on::DATE, as_of::DATE))
