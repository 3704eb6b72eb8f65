"""What a table is: a pandera model each, code lists, and what is generated from them. Imports nothing of ours."""
