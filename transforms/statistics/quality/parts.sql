-- One row per observation of a whole or of one of two parts (code `one` or `two`), by sex and by place of residence. `other` is
-- the code of the other of these two breakdowns.
CREATE TEMP VIEW parts AS
SELECT *, 'sex' AS breakdown, sex AS code, 'M' AS one, 'F' AS two, urbanisation AS other
FROM fact_statistic
WHERE sex IN ('_T', 'M', 'F')
UNION ALL
SELECT *, 'urbanisation', urbanisation, 'U', 'R', sex
FROM fact_statistic
WHERE urbanisation IN ('_T', 'U', 'R')
