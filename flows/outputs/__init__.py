"""What people take away: answers, forms, exports, differences."""
