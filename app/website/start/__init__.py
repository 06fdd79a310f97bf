"""The start page: what the register is, how many sensors it holds, what they are for, and the latest changes."""
