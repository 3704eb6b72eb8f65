"""The grammar of a plan's texts: periods, numbers, sentences, the approval."""
