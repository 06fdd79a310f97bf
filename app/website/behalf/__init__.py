"""Pages on what a municipality registered on behalf of an organisation: by the link of a mail, and signed in."""
