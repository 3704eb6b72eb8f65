-- The parts of `other_breakdown` as a MAP, concept → code, both as in the source: percent signs, semicolons and equals
-- signs are decoded. The total, _T, has no parts: an empty MAP. NULL gives NULL.
-- parameters: breakdown
map_from_entries([
    (url_decode(split_part(part, '=', 1)), url_decode(split_part(part, '=', 2)))
    for part in string_split(breakdown, ';') if part <> '_T'
])
