"""The tables that the officer keeps about reports, in raw/: receipts, withdrawals, public results, contacts."""
