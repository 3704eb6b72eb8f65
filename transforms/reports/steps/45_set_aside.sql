-- One row per line that is not accepted, and why: blank, rejected, or a repetition of an earlier line, refused or not, or, sent
-- back as it was, of the one that it is from.
CREATE TEMP TABLE set_aside AS
SELECT line, 'blank' AS why FROM judged_line WHERE is_blank
UNION ALL SELECT DISTINCT line, 'rejected' FROM fault
UNION ALL SELECT line, 'repeated' FROM again WHERE is_alike AND NOT is_out AND line <> first_line
UNION ALL SELECT line, 'repeated' FROM refused_again
UNION ALL SELECT line, 'repeated' FROM sent_back JOIN judged_line USING (line) WHERE is_untouched AND NOT is_blank
