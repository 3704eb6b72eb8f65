"""Monitoring: states, reporting slots and indicators, in SQL that is published with a release."""
