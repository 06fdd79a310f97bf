"""Features in other formats than GeoJSON: text that streams, and files for GIS and data tools.

Each writer takes finished GeoJSON features, some at a time, and a `Layer` that says what they hold; none knows what a
sensor is, and none holds more than a few thousand features at once.
"""
