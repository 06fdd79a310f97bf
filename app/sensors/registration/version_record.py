"""A version of a sensor with the identity of its sensor: the core record of the register."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from geoalchemy2 import WKBElement
from sqlalchemy import RowMapping

from app.sensors.registration_status import RegistrationStatus


@dataclass(frozen=True, slots=True)
class SensorVersion:
    """One version, as `select_versions` reads it: the columns of `register.sensor_version`, in their order.

    After these follow the number and the moment of registration of its sensor, and the municipality codes of its place.
    """

    id: UUID
    sensor_id: UUID
    number: int
    registration_status: RegistrationStatus
    recorded_at: datetime
    published_at: datetime | None
    superseded_at: datetime | None
    reference: str
    name: str | None
    summary: str | None
    sensor_type: str
    sensor_type_other: str | None
    sensor_subtype: str | None
    measures: str
    manufacturer: str | None
    model: str | None
    supplier: str | None
    specification_url: str | None
    connectivity: str | None
    owner_id: UUID
    operator_id: UUID | None
    controller_id: UUID | None
    mobility: str
    location: WKBElement | None
    location_rd: WKBElement | None
    operating_area: WKBElement | None
    operating_area_rd: WKBElement | None
    location_accuracy: str | None
    location_accuracy_m: float | None
    location_description: str | None
    postcode: str | None
    house_number: str | None
    height_m: float | None
    height_reference: str | None
    view_direction_deg: float | None
    view_angle_deg: float | None
    view_range_m: float | None
    observed_area: WKBElement | None
    observed_area_rd: WKBElement | None
    mounting: str | None
    bgt_id: str | None
    purpose: str
    themes: list[str]
    project: str | None
    personal_data: str
    gdpr_bases: list[str] | None
    legal_basis_text: str | None
    legal_basis_url: str | None
    legitimate_interest: str | None
    privacy_statement_url: str | None
    processing_register_url: str | None
    dpia_status: str | None
    dpia_reference: str | None
    dpia_url: str | None
    dpia_date: date | None
    retention_kind: str | None
    retention_period: str | None
    recipients: str | None
    storage: str | None
    third_country: str | None
    data_types: list[str] | None
    processing: list[str] | None
    open_data: bool | None
    data_url: str | None
    more_info_url: str | None
    algorithm_register_url: str | None
    authorisation_decided_by: str | None
    authorisation_decided_on: date | None
    authorisation_valid_until: date | None
    authorisation_reference: str | None
    authorisation_url: str | None
    ai_use: str | None
    ai_notice: bool | None
    ai_registry_url: str | None
    placed_from: date
    active_until: date
    removed_on: date | None
    security_support_until: date | None
    visibility: str | None
    visibility_reason: str | None
    operating_municipalities: list[str] | None
    observed_area_derived: bool
    on_behalf_of_id: UUID | None
    notified_late: bool
    last_confirmed_on: date
    confirm_by: date
    warnings: list[dict[str, Any]]
    import_id: UUID | None
    redacted_at: datetime | None
    erased: bool
    public_code: str
    registered_at: datetime
    municipality_code: str | None
    municipality_codes: list[str]


def make_version(row: RowMapping) -> SensorVersion:
    """The version of a row of `select_versions`."""
    return SensorVersion(
        **{
            **row,
            "registration_status": RegistrationStatus(row["registration_status"]),
            # A version has no place until the transaction that writes it has assigned one.
            "municipality_codes": row["municipality_codes"] or [],
        }
    )
