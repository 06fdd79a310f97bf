"""The projection of registered versions into public rows, and the maintenance of counts and clusters."""
