"""Settings of the register, from the environment (`REGISTER_…`), with units in their names."""

from datetime import date
from functools import lru_cache
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, HttpUrl, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict


class Settings(BaseSettings):
    """Choices of an operator; each is described in docs/operations.md."""

    model_config = SettingsConfigDict(env_prefix="REGISTER_", extra="ignore")

    environment: Literal["development", "production"] = Field(
        "development", description="In production example secrets and example data are refused."
    )
    database_url: str | None = Field(
        None, description="PostgreSQL with PostGIS to write to; without it a private cluster is used."
    )
    read_database_url: str | None = Field(
        None, description="Where public reads go; by default the database that is written to."
    )
    public_url: str = Field(
        "http://127.0.0.1:8000", description="The address under which the world reaches the register."
    )
    host: str = Field("127.0.0.1", description="The address to listen on.")
    port: int = Field(8000, description="The port to listen on.", ge=1, le=65535)
    server_processes: int = Field(2, description="Server processes.", ge=1, le=64)
    read_connections: int = Field(4, description="Warm read connections per process.", ge=1, le=64)
    stream_connections: int = Field(
        2,
        description="Connections per process for whole searches; one more waits, then gets 503.",
        ge=1,
        le=64,
    )
    files_at_once: int = Field(
        8,
        description="Files for readers without a key that a process makes side by side; one more waits, then gets 503.",
        ge=1,
        le=1000,
    )
    file_cache_seconds: float = Field(
        300,
        description="A file for readers without a key can be read in parts, and resumed, for this long.",
        gt=0,
    )
    file_cache_bytes: int = Field(
        4_000_000_000,
        description="Disk space on a machine for those files; when they are all being sent, one more gets 503.",
        gt=0,
    )
    file_cache_folder: Path | None = Field(
        None,
        description="Where those files are; `serve` makes a folder for its processes and removes it at the end.",
    )
    write_connections: int = Field(
        4,
        description="Write connections that a process keeps; it opens ten more when it has to.",
        ge=1,
        le=64,
    )
    read_timeout_seconds: float = Field(5, description="A public read is ended after this.", gt=0)
    stream_timeout_seconds: float = Field(
        60, description="A whole search is ended when its next thousand features take this long.", gt=0
    )
    lock_timeout_seconds: float = Field(5, description="A writer waits this long for another.", gt=0)
    body_limit_bytes: int = Field(1_000_000, description="Largest request body.", gt=0)
    import_limit_bytes: int = Field(500_000_000, description="Largest file to import.", gt=0)
    import_kept_days: int = Field(30, description="Uploaded files are deleted after this, once a day.", ge=1)
    imports_at_once: int = Field(
        2, description="Imports of different owners that one worker does side by side.", ge=1, le=16
    )
    job_worker: Literal["inside", "separate"] = Field(
        "inside",
        description="Whether `serve` runs a worker for jobs itself, or `sensor-register work` does so elsewhere.",
    )
    job_worker_silence_seconds: float = Field(
        15, description="A worker not heard of for this long counts as gone; another does its jobs.", gt=0
    )
    contact_name: str = Field(
        "Sensor register", description="Who runs the register: named on the pages and in the API document."
    )
    contact_email: str = Field(
        "info@example.org",
        description="Where questions go: on the pages and in the API document; an address of example.org is not shown.",
    )
    contact_phone: str | None = Field(
        None, description="A telephone number for questions, on the page Contact."
    )
    contact_url: HttpUrl | None = Field(None, description="A web page of who runs the register.")
    privacy_url: HttpUrl | None = Field(
        None, description="The privacy statement of who runs the register, linked on the page Privacy."
    )
    privacy_email: str | None = Field(
        None, description="Where the data protection officer is reached; by default the contact."
    )
    accessibility_url: HttpUrl | None = Field(
        None, description="The accessibility statement in the national register, linked on its page."
    )
    accessibility_status: Literal["A", "B", "C", "D"] | None = Field(
        None, description="The status in that statement: A (complies) to D (does not); empty: not determined."
    )
    accessibility_date: date | None = Field(
        None, description="When you last reviewed the page Toegankelijkheid; empty: never."
    )
    accessibility_report_url: HttpUrl | None = Field(
        None, description="The report of an audit of accessibility, linked on that page."
    )
    security_email: str | None = Field(
        None, description="Where vulnerabilities are reported, also in security.txt; by default the contact."
    )
    notification_term_days: int = Field(
        5,
        description="Days before placing within which a sensor is notified in time, where its municipality has"
        " stated no rule.",
        ge=0,
    )
    geocoder_url: str | None = Field(
        None,
        description="PDOK Locatieserver, to find addresses in imported files; without it none is looked up.",
    )
    basemap: str = Field(
        "auto",
        description="Background of maps: `auto` (PDOK through this server, else `none`), `none` (outlines of"
        " municipalities) or `pmtiles:<file>`.",
        pattern=r"^(auto|none|pmtiles:.+)$",
    )
    place_search_url: str = Field(
        "https://api.pdok.nl/kadaster/location-api/v1",
        description="PDOK Location API, to find streets and addresses; empty: names in the register only.",
    )
    reverse_url: str = Field(
        "https://api.pdok.nl/bzk/locatieserver",
        description="PDOK Locatieserver, to name the nearest address of a place; empty: none is named.",
    )
    oidc_issuer: str | None = Field(
        None,
        description="The OpenID Connect provider of people who sign in, exactly as it names itself; without it people"
        " sign in by a link in a mail, or to the demo.",
    )
    oidc_client_id: str | None = Field(None, description="The register's identifier at that provider.")
    oidc_client_secret: SecretStr | None = Field(None, description="The register's secret at that provider.")
    oidc_private_key_file: Path | None = Field(
        None, description="A private key (PEM) instead of a secret: RSA, or EC on P-256."
    )
    oidc_scope: str = Field("openid profile email", description="What is asked of the provider.")
    oidc_acr_values: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        description="Levels of assurance (`acr`) that are enough, separated by spaces; empty: any.",
    )
    oidc_audience: str | None = Field(
        None,
        description="The audience (`aud`) of access tokens with which machines call; without it the public URL.",
    )
    oidc_allow_private: bool = Field(
        default=False,
        description="Whether the provider may be in your own network instead of on the internet.",
    )
    mail_host: str | None = Field(
        None, description="The mail server that mail is handed to; without it no mail is sent."
    )
    mail_port: int = Field(587, description="Its port: 587 with starttls, 465 with tls.", ge=1, le=65535)
    mail_security: Literal["starttls", "tls", "none"] = Field(
        "starttls",
        description="How the connection to it is encrypted; `none` is for a server on this machine or in your own"
        " network.",
    )
    mail_user: str | None = Field(
        None, description="The register's user at that server; without it none is named."
    )
    mail_password: SecretStr | None = Field(None, description="The password of that user.")
    mail_from: str | None = Field(
        None,
        description="The address that mail comes from; its domain must allow that server to send (SPF, DKIM).",
    )
    mail_reply_to: str | None = Field(
        None, description="The address that answers to mail go to; by default the one that it comes from."
    )
    mail_timeout_seconds: float = Field(
        30, description="How long that server may take for each answer.", gt=0, le=300
    )
    report_key: SecretStr | None = Field(
        None,
        description="Fernet keys by which addresses of reporters are stored encrypted, the newest first, separated by"
        " commas; without one no addresses are taken, but in development `serve` makes a key file.",
    )
    link_checks: bool = Field(
        default=True,
        description="Whether the links of public sensors are asked once a week whether they answer.",
    )
    metrics_token: SecretStr | None = Field(
        None,
        min_length=16,
        description="Bearer token with which `/metrics` answers from any address; others must be private.",
    )
    trusted_proxies: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        description="Addresses or networks of proxies, separated by commas, whose X-Forwarded-For names the client.",
    )
    json_logs: bool = Field(default=False, description="Logs as JSON lines instead of for a person.")

    @property
    def sends_mail(self) -> bool:
        """Whether mail is handed to a server; an empty name is none."""
        return bool(self.mail_host)

    @field_validator("oidc_acr_values", mode="before")
    @classmethod
    def _split_levels(cls, given: object) -> object:
        return given.split() if isinstance(given, str) else given

    @field_validator("trusted_proxies", mode="before")
    @classmethod
    def _split_proxies(cls, given: object) -> object:
        return [one.strip() for one in given.split(",") if one.strip()] if isinstance(given, str) else given

    @field_validator("trusted_proxies")
    @classmethod
    def _check_proxies(cls, proxies: tuple[str, ...]) -> tuple[str, ...]:
        for proxy in proxies:
            ip_network(proxy, strict=False)
        return proxies


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """The settings of this process, cached."""
    return Settings()
