"""The rules that may find something in a source, and the sentences in which they say so."""
