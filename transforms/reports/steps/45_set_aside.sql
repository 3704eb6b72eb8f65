-- One row per line that is not accepted, and why: blank, rejected, or a repetition of an earlier line.
CREATE TEMP TABLE set_aside AS
SELECT line, 'blank' AS why FROM judged_line WHERE is_blank
UNION ALL SELECT DISTINCT line, 'rejected' FROM fault
UNION ALL SELECT line, 'repeated' FROM again WHERE is_alike AND line <> first_line
