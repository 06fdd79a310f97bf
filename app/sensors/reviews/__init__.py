"""The API of reviews, and the daily mail to municipalities about what waits for them."""
