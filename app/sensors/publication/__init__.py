"""The projection of registered versions into public rows, and the upkeep of counts and clusters."""
