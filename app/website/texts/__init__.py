"""Texts about the register: explanations from the vocabularies, and pages that name who runs it."""
