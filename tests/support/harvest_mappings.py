"""Mappings for the servers of these tests."""

SOUND_METERS = """
owner = "GM0363"

[source]
kind = "ogc"
url = "{url}/v1"
collection = "meters"
limit = 2

[fields]
reference = "id"
name = "properties.naam"
summary = {{ template = "{{properties.naam}} is nummer {{properties.volgnummer}}" }}
location = "geometry"
measures = {{ value = "Geluid in decibel" }}
purpose = {{ value = "Weten hoe luid het is." }}
sensorType = "properties.soort"
themes = {{ path = "properties.thema", default = ["environment_noise"] }}
personalData = {{ value = "none" }}
mobility = {{ value = "fixed" }}
placedFrom = {{ path = "properties.geplaatst", default = 2026-02-01 }}
activeUntil = {{ value = 2028-01-01 }}

[map.sensorType]
"geluidsmeter" = "sound"

[map.themes]
"Geluid" = "environment_noise"
"Fiets en voet" = ["mobility_bicycle", "mobility_pedestrian"]
"""

BOXES = """
owner = "Gemeente Amsterdam"

[source]
kind = "sensorthings"
url = "{url}/v1.1/"
limit = 2

[fields]
reference = {{ template = "box-{{@iot.id}}" }}
name = "name"
location = "Locations.0.location"
measures = "Datastreams.*.ObservedProperty.name"
model = "Datastreams.0.Sensor.name"
purpose = {{ value = "Weten hoe warm het is." }}
sensorType = {{ value = "climate" }}
themes = {{ value = ["environment_climate_change"] }}
personalData = {{ value = "none" }}
mobility = {{ value = "fixed" }}
placedFrom = "Datastreams.0.phenomenonTime"
activeUntil = {{ value = 2028-01-01 }}
"""
