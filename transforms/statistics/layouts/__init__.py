"""Tables of CSV files and workbooks, tidy or laid out for people."""
