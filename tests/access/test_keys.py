from hashlib import sha256

from app.access.keys import is_same_token, make_token, parse_prefix


def test_key_has_a_fixed_prefix_and_is_stored_as_a_hash() -> None:
    token = make_token()
    assert token.text.startswith(f"srk_{token.prefix}_")
    assert parse_prefix(token.text) == token.prefix
    assert token.hashed == sha256(token.text.encode()).digest()
    assert is_same_token(token.text, token.hashed)


def test_keys_are_unique() -> None:
    assert len({make_token().text for _ in range(100)}) == 100


def test_other_secret_with_the_same_prefix_is_another_key() -> None:
    token = make_token()
    forged = token.text[:-1] + ("A" if token.text[-1] != "A" else "B")
    assert parse_prefix(forged) == token.prefix
    assert not is_same_token(forged, token.hashed)


def test_text_of_another_form_has_no_prefix() -> None:
    token = make_token().text
    for text in ("", "srk_", token[4:], token + "x", token[:-1], token.upper(), "srk_é" + token[5:]):
        assert parse_prefix(text) is None
