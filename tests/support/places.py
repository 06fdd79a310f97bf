"""Named places in longitude and latitude (ETRS89) and in RD New, the latter by the package pyrdnap."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """A spot on the ground; without a municipality when it lies abroad."""

    lon: float
    lat: float
    x: float
    y: float
    municipality_code: str | None


DAM_SQUARE = Place(4.89313, 52.37308, 121353.8817, 487359.6080, "GM0363")
ERASMUS_BRIDGE = Place(4.48665, 51.90915, 93033.0593, 436011.7578, "GM0599")
BINNENHOF = Place(4.31284, 52.07960, 81354.2317, 455136.6307, "GM0518")
DOM_TOWER = Place(5.12138, 52.09066, 136782.3660, 455855.7074, "GM0344")
CATHARINA_CHURCH = Place(5.47870, 51.43680, 161362.2905, 383081.5399, "GM0772")
MARTINI_TOWER = Place(6.56822, 53.21937, 233884.5873, 582063.8486, "GM0014")
VRIJTHOF = Place(5.68800, 50.84890, 176185.0118, 317717.2154, "GM0935")
BRANDARIS = Place(5.21420, 53.36060, 143481.4418, 597148.6092, "GM0093")
CADZAND = Place(3.37680, 51.37200, 15024.0285, 377797.2799, "GM1714")
# The tower in Amersfoort where RD has its origin: the check point of RDNAPTRANS2018.
RD_ORIGIN = Place(5.387203650, 52.155172887, 155000.0, 463000.0, "GM0307")
# East of 7.22 degrees, where EPSG's area of use of RD ends and the Netherlands do not.
EASTERN_BORDER = Place(7.22620, 53.18030, 277939.2743, 578638.0713, "GM1895")
ANTWERP = Place(4.40155, 51.22030, 86140.8197, 359456.3919, None)
EMDEN = Place(7.20690, 53.36680, 276124.7472, 599356.6652, None)

DUTCH_PLACES = (
    DAM_SQUARE,
    ERASMUS_BRIDGE,
    BINNENHOF,
    DOM_TOWER,
    CATHARINA_CHURCH,
    MARTINI_TOWER,
    VRIJTHOF,
    BRANDARIS,
    CADZAND,
    RD_ORIGIN,
    EASTERN_BORDER,
)
PLACES = (*DUTCH_PLACES, ANTWERP, EMDEN)
