"""Programs that write the generated pages: `make docs`."""
