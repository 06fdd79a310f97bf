"""Handing mail to real servers, which take it, refuse it, break off, or do not answer."""

import socket
from collections.abc import Callable
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import pytest

from app.mail.delivery import Delivery, deliver
from app.mail.server import MailServer, Security
from tests.support.certificates import load_certificate, make_certificate
from tests.support.mail_server import PASSWORD, USER, Post, make_server, serving_mail
from tests.support.processes import find_free_port


def hand_over(
    server: MailServer, receiver: str = "noor@leiden.nl", note: Callable[[], None] = lambda: None
) -> Delivery:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = server.sender, "noor@leiden.nl", "Onderwerp"
    message.set_content("Een regel\n.\n..\nen een punt")
    return deliver(server, message, receiver, note)


def test_message_is_taken_whole() -> None:
    post, notes = Post(), []
    with serving_mail(post) as server:
        assert hand_over(server, note=lambda: notes.append(len(post.taken))) == Delivery("sent")
    (message,) = post.taken
    assert post.receivers == ["noor@leiden.nl"]
    assert message.get_content().splitlines() == ["Een regel", ".", "..", "en een punt"]
    assert notes == [0]


@pytest.mark.parametrize(
    ("step", "answer", "outcome"),
    [
        ("RCPT", "550 5.1.1 no such mailbox", "refused"),
        ("RCPT", "450 4.2.0 greylisted", "postponed"),
        ("RCPT", "421 4.3.2 closing", "postponed"),
        ("DATA", "554 5.7.1 looks like spam", "refused"),
        ("DATA", "451 4.3.0 try again", "postponed"),
        ("MAIL", "550 5.7.1 this sender may not", "postponed"),
        ("DATA", "299 strange", "uncertain"),
    ],
)
def test_answer_of_the_server_says_whether_it_is_tried_again(step: str, answer: str, outcome: str) -> None:
    with serving_mail(Post(answers={step: answer})) as server:
        delivery = hand_over(server)
    assert (delivery.outcome, (delivery.error or "")[:3]) == (outcome, answer[:3])


def test_refusal_before_the_text_is_no_handover() -> None:
    notes: list[int] = []
    with serving_mail(Post(answers={"RCPT": "450 later"})) as server:
        hand_over(server, note=lambda: notes.append(1))
    assert notes == []


def test_server_that_breaks_off_after_the_text_leaves_it_uncertain() -> None:
    post = Post(drops=1)
    with serving_mail(post) as server:
        assert hand_over(server).outcome == "uncertain"
    assert len(post.taken) == 1


@pytest.mark.parametrize(("step", "outcome"), [("RCPT", "postponed"), ("DATA", "uncertain")])
def test_server_that_does_not_answer_in_time_is_left(step: str, outcome: str) -> None:
    post = Post(slow={step: 30})
    with serving_mail(post) as server:
        assert hand_over(replace(server, timeout_seconds=0.3)).outcome == outcome


def test_server_that_is_away_is_tried_again() -> None:
    assert hand_over(make_server(find_free_port())).outcome == "postponed"
    assert hand_over(make_server(25, host="nowhere.invalid")).outcome == "postponed"


@pytest.mark.parametrize(
    "greeting", [b"554 5.3.2 no service today\r\n", b"HTTP/1.1 400 Bad Request\r\n\r\n", b""]
)
def test_server_that_is_no_mail_server_now_is_tried_again(greeting: bytes) -> None:
    import threading  # noqa: PLC0415 - this test alone

    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.sendall(greeting)

        thread = threading.Thread(target=answer)
        thread.start()
        outcome = hand_over(make_server(listener.getsockname()[1], timeout_seconds=1)).outcome
        thread.join()
    assert outcome == "postponed"


def test_failing_note_stops_the_handover() -> None:
    def fail() -> None:
        raise RuntimeError("the database is away")

    post = Post()
    with serving_mail(post) as server, pytest.raises(RuntimeError):
        hand_over(server, note=fail)
    assert post.taken == []


def test_receiver_outside_ascii_needs_a_server_that_takes_it() -> None:
    post = Post()
    with serving_mail(post) as server:
        assert hand_over(server, "jörg@leiden.nl") == Delivery("sent")
    assert post.receivers == ["jörg@leiden.nl"]
    with serving_mail(Post(), takes_utf8=False) as server:
        assert hand_over(server, "jörg@leiden.nl").outcome == "refused"


# Encryption


@pytest.fixture
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> object:
    files = make_certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(files[0]))
    return load_certificate(files)


def test_starttls_encrypts_before_password_and_text(trusted: object) -> None:
    post = Post()
    options = {"tls_context": trusted, "require_starttls": True, "authenticator": post.authenticate}
    with serving_mail(post, **options) as server:
        secure = replace(server, security="starttls", user=USER, password=PASSWORD)
        assert hand_over(secure) == Delivery("sent")
    assert (post.encrypted, post.users) == ([True], [USER])


def test_connection_encrypted_from_its_start_carries_password_and_text(trusted: object) -> None:
    post = Post()
    options = {"auth_require_tls": False, "authenticator": post.authenticate}
    with serving_mail(post, ssl_context=trusted, **options) as server:
        secure = replace(server, security="tls", user=USER, password=PASSWORD)
        assert hand_over(secure) == Delivery("sent")
    assert (post.encrypted, post.users) == ([True], [USER])


def test_server_without_encryption_gets_nothing_by_tls() -> None:
    post = Post()
    with serving_mail(post) as server:
        assert hand_over(replace(server, security="tls")).outcome == "postponed"
    assert post.taken == []


def test_wrong_password_is_a_matter_of_settings_and_tried_again(trusted: object) -> None:
    post = Post()
    with serving_mail(post, tls_context=trusted, authenticator=post.authenticate) as server:
        delivery = hand_over(replace(server, security="starttls", user=USER, password="other"))
    assert delivery.outcome == "postponed"
    assert "535" in (delivery.error or "")
    assert "other" not in (delivery.error or "")


def test_server_without_starttls_gets_nothing() -> None:
    post = Post()
    with serving_mail(post) as server:
        delivery = hand_over(replace(server, security="starttls"))
    assert (delivery.outcome, post.taken) == ("postponed", [])
    assert "STARTTLS" in (delivery.error or "")


@pytest.mark.parametrize("encryption", [("tls_context", "starttls"), ("ssl_context", "tls")])
def test_certificate_of_a_stranger_gets_nothing(tmp_path: Path, encryption: tuple[str, Security]) -> None:
    context = load_certificate(make_certificate(tmp_path))
    post = Post()
    option, security = encryption
    with serving_mail(post, **{option: context}) as server:
        delivery = hand_over(replace(server, security=security))
    assert (delivery.outcome, post.taken) == ("postponed", [])
    assert "certificate" in (delivery.error or "").lower()
