"""Sign-in by an OpenID Connect provider: this package is the relying party, and checks the provider's tokens.

It knows no sessions, requests or principals: it makes the address of a sign-in, exchanges the code that comes back, and
returns who the provider says it is. Sources: OpenID Connect Core 1.0 and Discovery 1.0; RFC 7636 (PKCE), RFC 9207
(`iss`), RFC 9068 (access tokens); OpenID Connect RP-Initiated Logout 1.0 and Back-Channel Logout 1.0.
"""
