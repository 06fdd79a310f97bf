"""The page of the settings: every setting, and never a secret."""

from pydantic import SecretStr

from app.core.settings import Settings
from app.website.administration.setting_routes import list_settings
from tests.website.administration.conftest import Administration


def test_every_setting_is_shown_with_its_value(register_office: Administration) -> None:
    page = register_office.administrator.get("/mijn/beheer/instellingen").text
    for name in Settings.model_fields:
        assert f"REGISTER_{name.upper()}<" in page
    assert "mail.invalid" in page


def test_secret_is_never_shown_also_in_an_address() -> None:
    settings = Settings(
        database_url="postgresql://register:hunter2@db/register",
        mail_password=SecretStr("hunter2"),
        metrics_token=SecretStr("hunter2hunter2hunter2"),
        geocoder_url="https://user:hunter2@geocoder.example",
    )
    shown = {one.name: one for one in list_settings(settings)}
    assert "hunter2" not in str(shown)
    for name in ("DATABASE_URL", "MAIL_PASSWORD", "METRICS_TOKEN", "GEOCODER_URL"):
        assert (shown[f"REGISTER_{name}"].value, shown[f"REGISTER_{name}"].is_set) == (None, True)
    assert (shown["REGISTER_OIDC_CLIENT_SECRET"].value, shown["REGISTER_OIDC_CLIENT_SECRET"].is_set) == (
        None,
        False,
    )
    assert (shown["REGISTER_PORT"].value, shown["REGISTER_PORT"].is_set) == ("8000", False)
