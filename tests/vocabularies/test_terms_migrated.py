"""The lists as the migrations make them: complete, in both languages, with Amsterdam's labels where well spelled."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from app.bootstrap.paths import ROOT
from app.vocabularies.queries import load_vocabularies
from app.vocabularies.terms import FORMER_LABELS

LISTS = {
    "organisationType": "municipality province water_authority national_government other_public company "
    "public_private knowledge_institution association private_person",
    "sensorType": "optical_camera sound climate chemical electric flow position pressure density temperature "
    "presence beacon radio radar_lidar other",
    "sensorSubtype": "surveillance anpr red_light_speed traffic people_counting environment_zone bridge_lock "
    "flow_meter height_detector induction_loop weather_station speed_camera water_level_gauge wind_gauge "
    "light_cell radar_detector",
    "themes": "economy_construction economy_services economy_marketing economy_market_supervision "
    "environment_waste environment_energy environment_noise environment_climate_change environment_nature "
    "environment_substances environment_water_soil_air mobility_car mobility_bicycle mobility_pedestrian "
    "mobility_aviation mobility_public_transport mobility_rail mobility_shipping safety_security_camera "
    "safety_health research_statistics spatial_planning agriculture housing",
    "smartCityTheme": "smart_mobility safety_security healthy_urban_living circularity sustainability",
    "connectivity": "wired cellular wifi lora nb_iot mesh none other",
    "dataTypes": "binary boolean personal pixel_based_image spatial tabular values_time",
    "processing": "aggregated de_identified raw_data encrypted_at_rest transport_layer_security k_anonymity "
    "computer_vision ai_system",
    "personalData": "none indirect yes special_category",
    "gdprBases": "consent contract legal_obligation vital_interests public_task legitimate_interests",
    "dpiaStatus": "not_required pre_scan_done in_progress done not_done",
    "retentionKind": "not_retained fixed until_purpose_met unknown",
    "mobility": "fixed relocatable mobile",
    "locationAccuracy": "exact approximate generalised",
    "heightReference": "ground nap",
    "mounting": "lamp_post facade traffic_light road_surface street_furniture vehicle vessel drone "
    "bridge_lock ground other",
    "visibility": "public generalised internal",
    "operationalStatus": "planned active due_for_confirmation expired removed",
    "aiUse": "none counting detection recognition biometric_identification biometric_categorisation "
    "emotion_recognition",
    "registrationStatus": "draft submitted changes_requested published rejected withdrawn",
}

AMSTERDAM = {
    ("sensorType", "sound"): "Geluidsensor",
    ("sensorType", "flow"): "Vloeistof- en gasstroomsensor",
    ("sensorType", "other"): "Anders, namelijk",
    ("themes", "environment_water_soil_air"): "Milieu: water, bodem, lucht",
    ("themes", "safety_security_camera"): "Veiligheid: bewakings- en/of beveiligingscamera",
    ("gdprBases", "consent"): "Toestemming betrokkene(n)",
    ("gdprBases", "public_task"): "Publieke taak",
    (
        "gdprBases",
        "vital_interests",
    ): "Bescherming vitale belangen betrokkene(n) of van een andere natuurlijke persoon",
}


OFFICIAL_SPELLING = {
    ("sensorType", "electric"): "Elektriciteitssensor",
    ("sensorType", "position"): "Positie- of verplaatsingssensor",
    ("sensorType", "presence"): "Aanwezigheids- of nabijheidssensor",
    ("sensorType", "optical_camera"): "Camera of andere optische sensor",
    ("sensorSubtype", "radar_detector"): "Radardetector",
    ("operationalStatus", "due_for_confirmation"): "Niet bevestigd",
    ("operationalStatus", "expired"): "Had weg moeten zijn",
}


@pytest.mark.parametrize(("place", "label"), OFFICIAL_SPELLING.items())
def test_label_has_the_official_spelling(session: Session, place: tuple[str, str], label: str) -> None:
    assert load_vocabularies(session).label(*place).nl == label


def test_former_labels_are_those_of_terms_and_no_longer_in_use(session: Session) -> None:
    vocabularies = load_vocabularies(session)
    for name, codes in FORMER_LABELS.items():
        vocabulary = vocabularies.get_vocabulary(name)
        assert vocabulary.former_labels == codes
        for label, code in codes.items():
            others = [term for term in vocabulary.terms.values() if term.code != code]
            assert all(label not in term.label for term in others)
            assert vocabularies.nearest(name, label) == code


def test_every_list_has_exactly_its_terms_in_order(session: Session) -> None:
    found = {
        vocabulary.name: list(vocabulary.terms) for vocabulary in load_vocabularies(session).by_name.values()
    }
    assert found == {name: codes.split() for name, codes in LISTS.items()}


@pytest.mark.parametrize(("place", "label"), AMSTERDAM.items())
def test_dutch_label_is_that_of_amsterdam(session: Session, place: tuple[str, str], label: str) -> None:
    assert load_vocabularies(session).label(*place).nl == label


def test_every_term_has_a_definition_in_both_languages(session: Session) -> None:
    for vocabulary in load_vocabularies(session).by_name.values():
        for term in vocabulary.terms.values():
            assert term.label.nl
            assert term.label.en
            for sentence in term.definition:
                assert sentence.endswith("."), (vocabulary.name, term.code)
                assert sentence[0].isupper(), (vocabulary.name, term.code)
            assert term.definition.nl != term.definition.en, (vocabulary.name, term.code)
            assert term.path == f"/v1/vocabularies/{vocabulary.name}/terms/{term.code}"
            assert term.valid_from == date(2026, 1, 1)
            assert term.valid_until is None


def test_labels_are_unique_within_a_list(session: Session) -> None:
    vocabularies = load_vocabularies(session)
    for name in vocabularies.by_name:
        labels = vocabularies.labels(name).values()
        assert len({label.nl for label in labels}) == len(labels), name
        assert len({label.en for label in labels}) == len(labels), name


def test_every_theme_belongs_to_a_smart_city_theme_and_none_is_empty(session: Session) -> None:
    vocabularies = load_vocabularies(session)
    broader = {vocabularies.broader("themes", code) for code in vocabularies.labels("themes")}
    assert broader == set(vocabularies.labels("smartCityTheme"))


def test_every_subtype_belongs_to_a_sensor_type(session: Session) -> None:
    vocabularies = load_vocabularies(session)
    parents = {vocabularies.parent("sensorSubtype", code) for code in vocabularies.labels("sensorSubtype")}
    assert parents <= set(vocabularies.labels("sensorType"))


def test_migrations_read_their_terms_from_csv_files() -> None:
    terms = []
    for file in sorted((ROOT / "migrations" / "versions").glob("*_terms.csv")):
        header, *rows = file.read_text(encoding="utf-8").splitlines()
        assert header.startswith("vocabulary,code,parent_code,broader,label_nl,label_en")
        terms += rows
    assert len(terms) == sum(len(codes.split()) for codes in LISTS.values())


def test_statuses_of_a_registration_are_called_by_the_words_of_the_pages(session: Session) -> None:
    terms = load_vocabularies(session).by_name["registrationStatus"].terms
    asked = terms["changes_requested"].label
    assert (asked.nl, asked.en) == ("Wijzigingen gevraagd", "Changes requested")
    # "Melding" is what a resident sends.
    assert not [code for code, term in terms.items() if "melding" in term.definition.nl.lower()]
