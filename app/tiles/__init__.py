"""The public sensors as vector tiles, for maps: points near by, and from afar clusters with their counts.

It cuts the answers to a `SensorSearch` into tiles and describes the tilesets; which sensors there are and how many
stand together is decided by the sensors slice. Source: OGC API Tiles part 1, 20-057; OGC Two Dimensional Tile
Matrix Set, 17-083r4.
"""
