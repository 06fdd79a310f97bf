"""Pages that keep the register current: what an organisation has to do, and the link in a reminder that confirms."""
