"""Commands that write files: export and dump."""
