"""SDMX-CSV and SDMX-ML."""
