"""The indicators in the forms that others load: SDMX, Open SDG."""
