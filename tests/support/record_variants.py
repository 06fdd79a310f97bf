"""Records of every kind: a first version, and changes in a later file."""

from typing import Any

import shapely

from tests.support.sensors import DAM, ERASMUS_BRIDGE, TODAY, make_camera, make_record

TRIANGLE = {"type": "Polygon", "coordinates": [[[4.89, 52.37], [4.9, 52.37], [4.9, 52.38], [4.89, 52.37]]]}
CLOCKWISE = {"type": "Polygon", "coordinates": [[[4.89, 52.37], [4.9, 52.38], [4.9, 52.37], [4.89, 52.37]]]}
FAR_TRIANGLE = {"type": "Polygon", "coordinates": [[[4.93, 52.4], [4.94, 52.4], [4.94, 52.41], [4.93, 52.4]]]}
"""A place in Amsterdam some kilometres from Dam square."""
NEAR_AMSTERDAM = (4.78, 52.41)
"""A place some hundreds of metres west of the square of Amsterdam."""


def place(lon: float, lat: float) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [lon, lat]}


RECORDS: dict[str, dict[str, Any]] = {
    "plain": make_record(),
    "camera": make_camera(),
    "circle": make_camera(viewAngleDeg=360.0, viewDirectionDeg=10.5),
    "camera-without-view": make_camera(viewRangeM=None),
    "drawn-view": make_camera(observedArea=CLOCKWISE),
    "light-cell": make_camera(sensorSubtype="light_cell", viewAngleDeg=None),
    "named-area": make_record(mobility="mobile", location=None, operatingArea=["GM0599", "GM0363", "GM0363"]),
    "drawn-area": make_record(mobility="mobile", location=None, operatingArea=TRIANGLE),
    "both-areas": make_record(mobility="relocatable", operatingArea=TRIANGLE, observedArea=TRIANGLE),
    "observed-afar": make_camera(observedArea=FAR_TRIANGLE),
    "observed-afar-without-range": make_record(observedArea=FAR_TRIANGLE),
    "observed-near-approximately": make_camera(
        observedArea=FAR_TRIANGLE, locationAccuracy="approximate", locationAccuracyM=9000
    ),
    "mobile-observed-afar": make_record(
        mobility="mobile", location=None, operatingArea=TRIANGLE, observedArea=FAR_TRIANGLE
    ),
    "named-area-observed": make_record(
        mobility="mobile", location=None, operatingArea=["GM0363"], observedArea=FAR_TRIANGLE
    ),
    "relocatable-observed-afar": make_record(
        mobility="relocatable", operatingArea=TRIANGLE, observedArea=FAR_TRIANGLE, viewRangeM=50
    ),
    "ground-without-data": make_record(gdprBases=["consent"], legitimateInterest="Schade voorkomen"),
    "number-plates-without-data": make_camera(
        personalData="none",
        sensorSubtype="anpr",
        measures="Kentekens van auto's",
        dataTypes=["personal", "boolean"],
    ),
    "denied-data": make_record(
        measures="Geluid, geen kentekens of gezichten", summary="Niemand is herkenbaar"
    ),
    "functional-contact": make_record(purpose="Vragen? Mail info@gemeente.nl of bel 14 020. Jan de Vries"),
    "far": make_record(location=place(*ERASMUS_BRIDGE)),
    "just-outside": make_record(location=place(*NEAR_AMSTERDAM)),
    "height": make_record(
        heightM=3, heightReference="ground", location=place(*DAM) | {"coordinates": [*DAM, 12.5]}
    ),
    "spaces": make_record(name="  Geluid \t op de\\Dam\n ", summary="Één zin\r\nmet 'n \\N en een ½."),
    "nothing-said": make_record(name=" ", dataTypes=[], openData=None, visibility=None),
    "interest": make_camera(
        gdprBases=["legitimate_interests"],
        legitimateInterest="Omdat het moet.",
        legalBasisText=None,
        legalBasisUrl=None,
    ),
    "addresses": make_record(
        dataUrl="https://Example.org:8443/a?b=ç&c=%20#d",
        moreInfoUrl="http://x",
        specificationUrl="https://a-b.nl/x_y.z",
    ),
    "internal": make_record(visibility="internal", visibilityReason="Opsporing"),
    "generalised": make_record(visibility="generalised", visibilityReason="Veiligheid"),
    "dates": make_record(placedFrom="01-02-2026", activeUntil="2028-02-29"),
    "removed": make_record(placedFrom="2024-01-01", removedOn="2025-12-31"),
    "late": make_record(placedFrom=TODAY.isoformat()),
    "lists": make_record(themes=["environment_noise", "mobility_car", "environment_noise"], openData=False),
    "postcode": make_record(postcode="1012 JS", houseNumber="1-3", bgtId="G0363." + "0a" * 16),
    "other": make_record(sensorType="other", sensorTypeOther='Iets; "anders", {namelijk}'),
}
"""Valid records, by a name that serves as the reference."""

PATCHES: dict[str, dict[str, Any]] = {
    "plain": {"name": "Nieuw", "location": place(4.8950, 52.3731)},
    "camera": {"viewAngleDeg": 120},
    "circle": {"viewRangeM": None},
    "camera-without-view": {"viewRangeM": 25, "personalData": "indirect"},
    "drawn-view": {"observedArea": None},
    "light-cell": {"sensorSubtype": None},
    "named-area": {"operatingArea": ["GM0363"]},
    "drawn-area": {"name": "Veegwagen"},
    "both-areas": {"operatingArea": None},
    "far": {"location": place(*DAM)},
    "just-outside": {"location": place(*ERASMUS_BRIDGE)},
    "height": {"heightM": 3.0},
    "spaces": {"name": "Geluid \t op de\\Dam"},
    "internal": {"visibility": None},
    "removed": {"name": "Toch anders"},
    "dates": {"placedFrom": "2026-02-01"},
    "lists": {"themes": ["mobility_car", "environment_noise"]},
    "interest": {"controller": None, "recipients": "Niemand"},
    "observed-afar": {"viewRangeM": 9000},
    "observed-near-approximately": {"locationAccuracyM": 10},
    "ground-without-data": {"gdprBases": None},
    "denied-data": {"summary": "Leest MAC-adressen"},
    "number-plates-without-data": {"measures": "Auto's", "sensorSubtype": None, "dataTypes": None},
}
"""Changes of some of these in a later file; the others stay as registered."""

UNSOUND: dict[str, dict[str, Any]] = {
    "many": make_record(
        sensorType="soud", themes=["environment_noise", "cars"], measures=None, placedFrom="yesterday",
        activeUntil="9999-12-31", location=None, heightM="high", colour="blue", publicCode="X", postcode="12",
        dataUrl="ftp://x", name="a\x00b", openData="ja", retentionPeriod="28 dagen", operator="iemand",
    ),
    "personal": make_camera(gdprBases=None, legalBasisText=None, privacyStatementUrl=None, retentionKind=None),
    "swapped_axes": make_record(location=place(52.3731, 4.8932)),
    "rijksdriehoek": make_record(location=place(121_000, 487_000)),
    "sea": make_record(location=place(3.2, 53.6), measures=None),
    "crossing": make_record(
        observedArea={
            "type": "Polygon", "coordinates": [[[4.8, 52.3], [4.9, 52.4], [4.9, 52.3], [4.8, 52.4], [4.8, 52.3]]],
        }
    ),
    "line": make_record(location={"type": "LineString", "coordinates": [[4.8, 52.3], [4.9, 52.4]]}),
    "text-for-place": make_record(location="op de Dam", observedArea=5, operatingArea="GM0363"),
    "unknown-areas": make_record(mobility="mobile", location=None, operatingArea=["GM9999", {"code": 1}, "GM0363"]),
    "mobile-and-placed": make_record(mobility="mobile"),
    "fixed-with-area": make_record(operatingArea=TRIANGLE),
    "fixed-with-named-areas": make_record(operatingArea=["GM0363"]),
    "fixed-with-unknown-areas": make_record(operatingArea=["GM9999", "GM0363"]),
    "contact": make_record(
        measures="Geluid. Contact: Jan de Vries, tel. 06-12345678", summary=" mail j.jansen@example.org\n",
        purpose="Bel mw. El Amrani (020 123 45 67) of piet@gmail.com", recipients="K. Smit\\06 12345678",
    ),
    "contact-as-reference": make_record(reference="Jan de Vries 06-12345678"),
    "address-as-reference": make_record(reference="p.bos@example.org"),
    "wrong-types": make_record(name=5, themes="environment_noise", openData=1, heightM=True, dpiaDate=20260101),
    "strange-lists": make_record(themes=[["environment_noise"], {"a": 1}], dataTypes=[True, 1], reference=["x"]),
    "other": make_record(sensorType="other", sensorSubtype="light_cell"),
    "ends-too-early": make_record(placedFrom="2026-05-01", activeUntil="2026-04-01"),
    "gone-too-early": make_record(placedFrom="2026-02-01", removedOn="2026-01-01"),
    "long-ago": make_record(placedFrom="1801-01-01"),
    "hidden": make_record(visibility="internal"),
    "nobodys": make_record(operator="018f0000-0000-7000-8000-000000000000"),
    "too-long": make_record(name="n" * 101, reference="r" * 65, themes=["environment_noise"] * 9),
}  # fmt: skip
"""Records with problems, by name; each has several, or one that is hard to find."""


def as_shapes(record: dict[str, Any]) -> dict[str, Any]:
    """The record as a file gives it: its valid geometries are shapes."""
    return {
        name: shapely.geometry.shape(value)
        if isinstance(value, dict) and value["type"] in ("Point", "Polygon")
        else value
        for name, value in record.items()
    }
