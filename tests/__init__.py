"""Tests of npa. A package, so that `tests` is this folder whatever else is installed by that name."""
