"""The heart: what is registered of a sensor, under which rules, in which versions, and how it is found."""
