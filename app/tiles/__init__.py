"""The public sensors as vector tiles for maps: single points when zoomed in, clusters with counts when zoomed out.

The package cuts the matches of a `SensorSearch` into tiles and describes the tilesets. `app/sensors` decides which
sensors match, and counts clusters. Source: OGC API Tiles part 1, 20-057; OGC Two Dimensional Tile Matrix Set, 17-083r4.
"""
