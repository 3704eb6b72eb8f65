"""Any file: how large it may be, what it begins with, its text, what libraries say of it."""
