"""Why a sign-in by a provider is refused: a closed list, and the error that carries it."""

from enum import StrEnum

from app.core.errors import RegisterError
from app.core.i18n import LocalizedText


class Refusal(StrEnum):
    """The fault of an answer of the provider, for the log and the audit trail."""

    PROVIDER_ERROR = "provider_error"
    METADATA = "metadata"
    OTHER_ISSUER = "other_issuer"
    NO_CODE = "no_code"
    CODE_REFUSED = "code_refused"
    NO_ID_TOKEN = "no_id_token"  # noqa: S105 - a reason, not a secret
    MALFORMED = "malformed"
    WRONG_TYPE = "wrong_type"
    ALGORITHM = "algorithm"
    UNKNOWN_KEY = "unknown_key"
    SIGNATURE = "signature"
    AUDIENCE = "audience"
    EXPIRED = "expired"
    NOT_YET_VALID = "not_yet_valid"
    NONCE = "nonce"
    ACCESS_TOKEN_HASH = "access_token_hash"  # noqa: S105
    ASSURANCE = "assurance"
    SCOPE = "scope"
    NO_SUBJECT = "no_subject"
    NO_LOGOUT_EVENT = "no_logout_event"


_TRY_AGAIN = LocalizedText(
    "Het inloggen is niet gelukt. Begin opnieuw op de pagina Inloggen. Lukt het weer niet? Vraag het uw beheerder.",
    "Signing in did not work. Start again on the page Sign in. Does it fail again? Ask your administrator.",
)
_ASSURANCE = LocalizedText(
    "U bent ingelogd op een te laag niveau. Log in met een tweede stap, zoals een code op uw telefoon.",
    "You signed in at too low a level. Sign in with a second step, such as a code on your telephone.",
)


class SignInRefused(RegisterError):
    """The provider's answer cannot be trusted; `refusal` and `explanation` are for the log, not for the person."""

    status = 400
    title = LocalizedText("Inloggen is niet gelukt", "Signing in did not work")

    def __init__(self, refusal: Refusal, explanation: str = "") -> None:
        super().__init__(_ASSURANCE if refusal is Refusal.ASSURANCE else _TRY_AGAIN)
        self.refusal = refusal
        self.explanation = explanation

    def __str__(self) -> str:
        """One line for the log: the explanation may have text of strangers, who could write lines of their own."""
        shown = "".join(one if one.isprintable() else ascii(one)[1:-1] for one in self.explanation)
        return f"{self.refusal}: {shown}" if shown else str(self.refusal)
