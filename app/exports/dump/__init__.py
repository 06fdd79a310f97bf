"""A complete dump: its contents, writing it, and verifying one."""
