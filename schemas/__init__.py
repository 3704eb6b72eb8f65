"""The tables: a pandera model each, code lists, and what is generated from them."""
