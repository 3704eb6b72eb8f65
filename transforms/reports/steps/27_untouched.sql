-- A row that is sent back as it was repeats the one that it is from, and is not refused again.
DELETE FROM fault WHERE line IN (SELECT line FROM sent_back WHERE is_untouched)
