"""The main job, from sources to a release."""
