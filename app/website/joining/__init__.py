"""Pages by which an organisation asks to join, and by which its request is verified or refused."""
