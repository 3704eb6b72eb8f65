"""Text: from bytes to lines, and pieces of other files ready to be pasted."""
