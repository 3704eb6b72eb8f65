"""What is generated from the models: DDL, the data dictionary, the data package."""
