"""Letters to the agencies that owe something, as texts and mails."""
