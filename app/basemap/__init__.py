"""The background of the maps on pages, from this server alone: PDOK's tiles, a file of tiles, or municipal outlines."""
