"""SensRNet's words for devices, sensors, themes and connections, in Dutch and English, as terms of the register.

What is not here is refused with the nearest term. SensRNet's theme "Veiligheid" (Safety) is left out on purpose: the
register's themes of safety are narrower, and which one is meant cannot be seen.
"""

from collections.abc import Mapping
from typing import Final


def _spell(terms: Mapping[str, str]) -> dict[str, str]:
    """Terms by each of their spellings, which are separated by a bar."""
    return {spelling.strip(): term for term, spellings in terms.items() for spelling in spellings.split("|")}


CATEGORIES: Final = _spell({"beacon": "baken|beacon", "optical_camera": "camera", "": "sensor"})
"""Folded; a sensor as such has no type yet."""

SENSOR_TYPES: Final = _spell(
    {
        "optical_camera": "time-of-flight camera|omnidirectionele camera|omnidirectional camera|camera|dome camera"
        "|ptz camera|infraroodcamera|infrared camera|warmtebeeldcamera|thermal camera|anpr camera|kentekencamera"
        "|lichtsensor|lichtmeter|lichtcel|light sensor|light meter",
        "sound": "geluidsmeter|geluidmeter|geluidssensor|microfoon|microphone|sound level meter|noise meter",
        "climate": "regenmeter|neerslagmeter|rain gauge|windmeter|anemometer|wind gauge|weerstation|weather station"
        "|hygrometer|luchtvochtigheidssensor|humidity sensor|pyranometer",
        "chemical": "luchtvervuilingssensor|luchtkwaliteitssensor|luchtkwaliteitsensor|air pollution sensor"
        "|air quality sensor|stikstofoxide sensor|stikstofoxidesensor|nitrogen oxide sensor|fijnstofsensor"
        "|fijnstof sensor|particulate matter sensor|ozonsensor|ozone sensor|co2-sensor|co2 sensor|gassensor|gas sensor",
        "electric": "stroommeter|spanningsmeter|energiemeter|elektriciteitsmeter|electricity meter|current sensor",
        "flow": "debietmeter|stromingsmeter|flow meter|flow sensor",
        "position": "versnellingsmeter|accelerometer|gyroscoop|gyroscope|gps|hellingmeter|kantelsensor|tilt sensor",
        "pressure": "barometer|luchtdrukmeter|druksensor|waterstandmeter|waterniveaumeter|water level gauge"
        "|pressure sensor|weegsensor|weight sensor",
        "temperature": "thermometer|temperatuursensor|temperatuurmeter|temperature sensor",
        "presence": "detectielus|inductielus|induction loop|bewegingssensor|bewegingsmelder|motion sensor"
        "|parkeersensor|parking sensor|nabijheidssensor|proximity sensor|infraroodsensor|infrared sensor",
        "radio": "wifi-sensor|wifi sensor|wi-fi sensor|bluetooth-sensor|bluetooth sensor|rfid-lezer|rfid reader",
        "radar_lidar": "radar|weerradar|weather radar|lidar|laserscanner|laser scanner",
    }
)

SUBTYPES: Final = _spell(
    {
        "anpr": "anpr camera|kentekencamera",
        "light_cell": "lichtsensor|lichtmeter|lichtcel|light sensor|light meter",
        "wind_gauge": "windmeter|anemometer|wind gauge",
        "weather_station": "weerstation|weather station",
        "flow_meter": "debietmeter|stromingsmeter|flow meter",
        "induction_loop": "detectielus|inductielus|induction loop",
        "water_level_gauge": "waterstandmeter|waterniveaumeter|water level gauge",
    }
)

THEMES: Final = _spell(
    {
        "environment_energy": "energie|energy",
        "agriculture": "landbouw|visserij|voedselkwaliteit|agriculture|fishery|fisheries|food quality"
        "|landbouw, visserij, voedselkwaliteit|agriculture, fishery, food quality",
        "mobility_car": "transport|verkeer|wegverkeer|traffic|road traffic",
        "environment_waste": "afval|waste",
        "environment_water_soil_air": "bodem|lucht|water|waterbeheer|soil|air|water management",
        "environment_noise": "geluid|sound|noise",
        "environment_climate_change": "klimaatverandering|climate change",
        "environment_nature": "natuur- en landschapsbeheer|nature and landscape management",
        "environment_substances": "stoffen|substances",
        "spatial_planning": "ruimtelijke ordening|spatial planning",
        "mobility_aviation": "luchtvaart|aviation",
        "mobility_public_transport": "openbaar vervoer|public transport",
        "mobility_rail": "rail- en wegverkeer|railverkeer|rail and road traffic|rail traffic",
        "mobility_shipping": "scheepvaart|shipping",
        "economy_construction": "bouwen en verbouwen|bouw|construction|building and renovation",
        "housing": "woningmarkt|wonen|housing market",
        "safety_health": "gezondheid|health",
    }
)

CONNECTIONS: Final = _spell(
    {
        "wired": "bedraad|kabel|glasvezel|ethernet|lan|fiber|fibre",
        "cellular": "lte|2g|3g|4g|5g|gprs|gsm|mobiel|lte-m",
        "wifi": "wi-fi|wlan",
        "lora": "lorawan",
        "nb_iot": "nb iot|nbiot",
        "none": "geen",
    }
)
