"""Words that people use for a term, beside its label: alternative labels, as in SKOS."""

from collections.abc import Mapping
from typing import Final

ALTERNATIVE_LABELS: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "sensorType": {
        "optical_camera": ("camera", "camerasysteem", "camerabewaking"),
        "sound": (
            "geluid",
            "geluidsmeter",
            "geluidmeter",
            "geluidssensor",
            "decibelmeter",
            "microfoon",
            "noise",
        ),
        "climate": ("weer", "regenmeter", "neerslagmeter", "weather", "rain gauge"),
        "chemical": (
            "luchtkwaliteit",
            "luchtmeter",
            "fijnstof",
            "stikstof",
            "air quality",
            "particulate matter",
        ),
        "electric": ("stroommeter", "energiemeter", "electriciteitssensor", "power meter"),
        "position": ("trillingsmeter", "gps", "vibration"),
        "pressure": ("weegsensor", "scale"),
        "temperature": ("temperatuur", "thermometer", "hitte"),
        "presence": ("bewegingssensor", "parkeersensor", "motion sensor", "parking sensor"),
        "beacon": ("beacon", "bluetoothbaken"),
        "radio": ("wifi", "wi-fi", "wifitracking", "wifi-tracking", "wifisensor", "bluetooth", "rfid"),
        "radar_lidar": ("radar", "lidar"),
    },
    "sensorSubtype": {
        "surveillance": ("beveiligingscamera", "cameratoezicht", "toezichtcamera", "cctv", "security camera"),
        "anpr": ("kentekencamera", "anpr", "nummerbordcamera", "nummerplaatcamera"),
        "speed_camera": ("flitspaal", "snelheidscamera", "trajectcontrole"),
        "red_light_speed": ("roodlichtcamera", "roodlichtflitser", "red light camera"),
        "people_counting": (
            "telcamera",
            "passantenteller",
            "drukte",
            "druktemeting",
            "crowd",
            "people counter",
        ),
        "environment_zone": ("milieuzone", "zero-emissiezone", "emission zone"),
        "induction_loop": ("verkeerslus", "lus"),
        "light_cell": ("lantaarnpaal", "straatverlichting", "street light"),
        "water_level_gauge": ("waterpeil", "peilschaal", "waterstand", "water level"),
        "weather_station": ("meteostation",),
        "wind_gauge": ("anemometer",),
    },
}
"""Words in Dutch and English, by vocabulary and code; plurals are left out."""
