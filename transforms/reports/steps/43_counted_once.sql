-- A refused line is counted once: what another file repeats is not refused again.
DELETE FROM fault WHERE line IN (SELECT line FROM refused_again)
