"""Limits of each kind of sensor, what it can know and what it cannot: sentences for residents.

The sentences hold for every sensor of the kind; what one sensor does is in its registration. A kind that was added to
the list later has none. Sources: DTPR (Digital Trust for Places and Routines), its technology types; Autoriteit
Persoonsgegevens, pages on camera surveillance and on wifi tracking.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from app.core.i18n import LocalizedText


@dataclass(frozen=True, slots=True)
class Capability:
    """The knowledge that sensors of one kind can have, and that they cannot."""

    can: LocalizedText
    cannot: LocalizedText


SENSOR_TYPE_CAPABILITIES: Final[Mapping[str, Capability]] = {
    "optical_camera": Capability(
        LocalizedText(
            "Zien wie of wat er in beeld is: gezichten, kleding, kentekens, gedrag. Met software kan zo'n sensor ook "
            "tellen en herkennen.",
            "See who or what is in view: faces, clothes, number plates, behaviour. With software it can also count and "
            "recognise.",
        ),
        LocalizedText(
            "Door muren kijken. Een lichtcel, die ook bij deze soort hoort, maakt geen beelden.",
            "Look through walls. A light cell, which belongs to this kind too, takes no images.",
        ),
    ),
    "sound": Capability(
        LocalizedText(
            "Meten hoe hard het geluid is, en soms welk geluid het is, zoals verkeer of een knal. Met een microfoon "
            "kan ook spraak worden opgevangen.",
            "Measure how loud it is, and sometimes which sound it is, such as traffic or a bang. A microphone can also "
            "pick up speech.",
        ),
        LocalizedText("Zien wie het geluid maakt.", "See who makes the sound."),
    ),
    "climate": Capability(
        LocalizedText(
            "Meten hoe het weer is: regen, wind, vocht, zon.",
            "Measure the weather: rain, wind, humidity, sun.",
        ),
        LocalizedText("Mensen waarnemen.", "Perceive people."),
    ),
    "chemical": Capability(
        LocalizedText(
            "Meten welke stoffen er in de lucht, het water of de bodem zitten, zoals fijnstof.",
            "Measure which substances are in the air, the water or the soil, such as particulates.",
        ),
        LocalizedText("Weten wie die stoffen veroorzaakt.", "Know who causes those substances."),
    ),
    "electric": Capability(
        LocalizedText(
            "Meten hoeveel stroom er wordt gebruikt of geleverd. Van één huis zegt dat iets over wie er thuis is.",
            "Measure how much electricity is used or supplied. Of one home this says something about who is in.",
        ),
        LocalizedText("Zien wie de stroom gebruikt.", "See who uses the electricity."),
    ),
    "flow": Capability(
        LocalizedText("Meten hoeveel water of gas er stroomt.", "Measure how much water or gas flows."),
        LocalizedText("Mensen waarnemen.", "Perceive people."),
    ),
    "position": Capability(
        LocalizedText(
            "Weten waar een voorwerp of voertuig is, en langs welke weg het gaat.",
            "Know where an object or a vehicle is, and which way it goes.",
        ),
        LocalizedText(
            "Uit zichzelf weten wie erin of erbij zit. Wie het voertuig kent, kan dat soms wel.",
            "Know by itself who is in it or with it. Someone who knows the vehicle sometimes can.",
        ),
    ),
    "pressure": Capability(
        LocalizedText(
            "Meten hoe zwaar iets is, hoe hoog het water staat, of dat er iets op een plek staat.",
            "Measure how heavy something is, how high the water is, or that something stands on a spot.",
        ),
        LocalizedText("Weten wie of wat het is.", "Know who or what it is."),
    ),
    "density": Capability(
        LocalizedText(
            "Meten hoe vol of hoe druk het ergens is.", "Measure how full or how crowded a place is."
        ),
        LocalizedText("Weten wie er zijn.", "Know who is there."),
    ),
    "temperature": Capability(
        LocalizedText(
            "Meten hoe warm iets is. Een warmtebeeld laat ook zien dat er ergens mensen zijn.",
            "Measure how warm something is. A thermal image also shows that people are somewhere.",
        ),
        LocalizedText("Iemands gezicht herkennen.", "Recognise a face."),
    ),
    "presence": Capability(
        LocalizedText(
            "Merken dat er iemand of iets langskomt of staat, en tellen hoe vaak.",
            "Notice that someone or something passes or stands there, and count how often.",
        ),
        LocalizedText("Weten wie dat is.", "Know who it is."),
    ),
    "beacon": Capability(
        LocalizedText(
            "Een signaal uitzenden. Een app op uw telefoon kan daaraan merken dat u er bent.",
            "Send a signal. An app on your phone can tell from it that you are there.",
        ),
        LocalizedText(
            "Zelf iets over u opvangen. Zet bluetooth uit, of weiger de app uw locatie, en het signaal doet niets.",
            "Receive anything about you. Turn off bluetooth, or refuse the app your location, and the signal does "
            "nothing.",
        ),
    ),
    "radio": Capability(
        LocalizedText(
            "Signalen van telefoons, passen en apparaten opvangen, tellen en soms herkennen als zij terugkomen.",
            "Pick up signals of phones, cards and devices, count them, and sometimes recognise them when they return.",
        ),
        LocalizedText(
            "Meelezen met wat u verstuurt. Wie wifi en bluetooth uitzet, wordt niet opgemerkt.",
            "Read what you send. A phone with wifi and bluetooth turned off is not noticed.",
        ),
    ),
    "radar_lidar": Capability(
        LocalizedText(
            "Afstand, snelheid en vorm meten van wat er beweegt, ook in het donker.",
            "Measure the distance, speed and shape of what moves, in the dark too.",
        ),
        LocalizedText("Gezichten of kentekens zien.", "See faces or number plates."),
    ),
}
"""By code of the vocabulary `sensorType`; `other` has none, since it can be anything."""

SENSOR_SUBTYPE_CAPABILITIES: Final[Mapping[str, Capability]] = {
    "light_cell": Capability(
        LocalizedText(
            "Meten hoeveel licht er is, bijvoorbeeld om straatlantaarns aan te doen.",
            "Measure how much light there is, for example to turn on street lights.",
        ),
        LocalizedText(
            "Filmen, foto's maken of mensen waarnemen. Het is geen camera.",
            "Film, take photographs or perceive people. It is no camera.",
        ),
    ),
}
"""By code of the vocabulary `sensorSubtype`, for those that differ from what their type says."""
