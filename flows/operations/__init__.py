"""What runs the nights: schedule, health, notifications, Prefect."""
