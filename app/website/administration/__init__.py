"""Pages of the administrators of the register: vocabularies, organisations and people, settings, and failures."""
