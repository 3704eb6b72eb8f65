"""Outputs for people: answers, forms, exports, differences."""
