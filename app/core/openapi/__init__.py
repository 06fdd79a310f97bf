"""The OpenAPI 3.0.3 document: generated from the routes, completed, and converted from OpenAPI 3.1."""
