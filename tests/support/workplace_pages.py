"""Pages of the workplace in every state that has words of its own, with their HTML in Dutch and English."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import text, update

from app.core.database import transaction
from app.core.jobs import defer_job
from app.core.templates import localise_path
from app.organisations.joining import ask_to_join, confirm_request
from app.reports.actions import GivenReport, file_report
from app.reports.report_kinds import ReportKind
from app.reports.report_mail import ReportMailer
from app.reports.report_subject import find_place
from app.sensors.registration.behalf_notices import tell_represented
from app.sensors.tables.register import sensor_version
from app.website.todo.reminder_mail import remind_owners
from tests.support.import_browser import fill_in_columns, make_own_list
from tests.support.import_client import ImportClient, make_rows, open_import_client, write_csv
from tests.support.organisations import make_organisation
from tests.support.people import MAIL, SITE, find_secret, make_person, read_mail, sign_in
from tests.support.reviewing import change, decide, submit
from tests.support.workplace import Editor, fill_in, register_one, start_draft

COOKIE: Final = "demo-session"
"""The name of the cookie of a session over plain http."""

MISTAKES: Final = {
    "measures": "x" * 9999,
    "location": "nergens",
    "purpose": "x" * 9999,
    "personalData": "misschien",
    "placedFrom": "gisteren",
}
"""Answers that each step of registering refuses."""


@dataclass
class WorkplacePages:
    """Pages that a person saw in the workplace: the HTML by name, and the paths of those that can be read again."""

    browser: TestClient
    imports: ImportClient
    html: dict[str, str] = field(default_factory=dict)
    paths: dict[str, str] = field(default_factory=dict)

    @property
    def token(self) -> str:
        """The value of the cookie of the session."""
        return str(self.browser.cookies["__Host-session"])

    def see(self, name: str, path: str, status: int = 200) -> str:
        """Read a page in Dutch and in English; returns the Dutch one."""
        self.paths[name] = path
        english = self.browser.get(localise_path(path, "en"))
        assert english.status_code == status, (name, english.status_code)
        self._keep(f"{name}.en", english)
        dutch = self.browser.get(path)
        assert dutch.status_code == status, (name, dutch.status_code)
        return self._keep(f"{name}.nl", dutch)

    def send(self, name: str, path: str, status: int, **form: object) -> str:
        """Send a form that is answered by a page."""
        answer = self.browser.post(path, data=form)
        assert answer.status_code == status, (name, answer.status_code)
        return self._keep(f"{name}.nl", answer)

    def upload(self, content: bytes) -> str:
        """Send a list; returns the path of its import, which has been checked."""
        answer = self.browser.post("/mijn/importeren", files={"bestand": ("lijst.csv", content, "text/csv")})
        assert answer.status_code == 303, answer.text
        self.imports.run_jobs()
        return str(answer.headers["location"])

    def _keep(self, name: str, answer: Response) -> str:
        self.html[name] = answer.text
        return answer.text


@contextmanager
def open_workplace_pages(url: str) -> Iterator[WorkplacePages]:
    """The pages that an editor and manager of Amsterdam has seen, who administers the register too."""
    with open_import_client(url, public_url=SITE, **MAIL) as imports:
        client = imports.register.client
        with transaction(imports.engine) as session:
            amsterdam = session.execute(
                text("SELECT id FROM publication.organisation WHERE municipality_code = 'GM0363'")
            ).scalar_one()
            person = make_person(
                session,
                "Eva",
                ("editor", amsterdam),
                ("administrator", amsterdam),
                ("reviewer", amsterdam),
                ("administrator", None),
            )
            make_person(session, "Noor", ("editor", amsterdam))
        pages = WorkplacePages(sign_in(client, person), imports)
        assert (
            pages.browser.post("/mijn/organisatie", data={"organisatie": str(amsterdam)}).status_code == 303
        )
        _see_sensors(pages)
        _see_imports(pages)
        _see_tasks(pages)
        _see_behalf(pages)
        _see_team(pages)
        _see_requests(pages)
        _see_review(pages)
        _see_reports(pages)
        _see_administration(pages)
        _see_duty(pages)
        _see_transfers(pages)
        pages.see("workplace", "/mijn")
        pages.see("sessions", "/mijn/sessies")
        yield pages


def _see_sensors(pages: WorkplacePages) -> None:
    editor = Editor(pages.browser)
    pages.see("sensors none", "/mijn/sensoren")
    code = register_one(editor)
    pages.see("receipt", f"/mijn/ontvangst/{code}")
    pages.see("receipts", "/mijn/ontvangst")
    pages.see("history", f"/mijn/geschiedenis/{code}")
    pages.see("log", "/mijn/logboek")
    pages.see("log mistake", "/mijn/logboek?van=gisteren", 422)
    draft = start_draft(editor)
    for step in ("wat", "waar", "waarom", "gegevens", "hoe-lang"):
        pages.see(f"step {step} empty", f"{draft}/{step}")
        pages.send(f"step {step} mistakes", f"{draft}/{step}", 422, versie="9999", **MISTAKES)
    fill_in(editor, draft)
    for step in ("wat", "waar", "waarom", "gegevens", "hoe-lang", "controleren", "weg"):
        pages.see(f"step {step}", f"{draft}/{step}")
    pages.see("drafts", "/mijn/registreren")
    pages.see("sensors", "/mijn/sensoren")
    for action in ("bevestigen", "verwijderen", "wijzigen"):
        pages.send(f"many {action}", "/mijn/sensoren", 200, actie=action, kies=code)
    pages.send("many nothing chosen", "/mijn/sensoren", 422, actie="bevestigen")
    pages.send("many day", "/mijn/sensoren/verwijderen", 422, kies=code, dag="gisteren")
    pages.send("many done", "/mijn/sensoren/bevestigen", 200, kies=code)


def _see_imports(pages: WorkplacePages) -> None:
    own = pages.upload(make_own_list(12))
    pages.see("import columns", f"{own}/kolommen")
    form = fill_in_columns(pages.browser.get(f"{own}/kolommen"))
    pages.send("import columns mistakes", f"{own}/kolommen", 422, **(form | {"kolom-1": "latitude"}))
    pages.see("import words", pages.browser.post(f"{own}/kolommen", data=form).headers["location"])
    right, wrong = make_rows(20), make_rows(3, sensorType="onbekend")
    checked = pages.upload(write_csv(right + [row | {"reference": f"x-{row['reference']}"} for row in wrong]))
    pages.see("import with problems", checked)
    pages.see("import remarks", f"{checked}/opmerkingen")
    applied = pages.upload(write_csv(right))
    pages.see("import to apply", applied)
    assert pages.browser.post(f"{applied}/toepassen").status_code == 303
    pages.see("import running", applied)
    pages.imports.run_jobs()
    pages.see("import applied", applied)
    pages.see("imports", "/mijn/importeren")
    pages.see("import places", f"{checked}/plekken")
    mappings = pages.see("mappings", "/mijn/importeren/koppelingen")
    pages.see("mapping", re.findall(r"/mijn/importeren/koppelingen/[\w-]+", mappings)[0])


def _see_tasks(pages: WorkplacePages) -> None:
    now = datetime.now(UTC)
    with transaction(pages.imports.engine) as session:
        session.execute(update(sensor_version).values(confirm_by=now.date() + timedelta(days=10)))
    remind_owners(pages.imports.engine, site=SITE, now=now)
    ((_, _, body),) = read_mail(pages.imports.register.client)
    pages.see("tasks", "/mijn/taken")
    quality = pages.see("quality", "/mijn/kwaliteit")
    pages.see("quality of one kind", re.findall(r"/mijn/kwaliteit/[^\"]+", quality)[0])
    pages.see("reminded", f"/bevestigen?sleutel={find_secret(body, f'{SITE}/bevestigen')}")
    pages.see("reminded, unknown link", f"/bevestigen?sleutel={'x' * 43}", 404)


def _see_behalf(pages: WorkplacePages) -> None:
    """Pages of what was registered for a company, which got the mail about it."""
    pages.see("on behalf none", "/mijn/namens")
    with transaction(pages.imports.engine) as session:
        company = make_organisation(session)
    register_one(
        Editor(pages.browser), wat={"reference": "namens-1", "name": "Telpunt", "owner": str(company)}
    )
    with transaction(pages.imports.engine) as session:
        tell_represented(session, site=SITE, sends_mail=True, now=datetime.now(UTC))
    _, _, body = read_mail(pages.imports.register.client)[-1]
    listed = pages.see("on behalf", "/mijn/namens")
    pages.see("on behalf, one", re.findall(r"/mijn/namens/[\w-]+", listed)[0])
    secret = find_secret(body, f"{SITE}/in-uw-naam")
    pages.see("told", f"/in-uw-naam?sleutel={secret}")
    pages.send("told mistakes", "/in-uw-naam", 422, sleutel=secret, antwoord="klopt-niet", reden="")


def _see_review(pages: WorkplacePages) -> None:
    """Pages of the review of a company's sensor, for the reviewer and for an editor of the municipality."""
    client, editor = pages.imports.register.client, Editor(pages.browser)
    with transaction(pages.imports.engine) as session:
        company = make_organisation(session, name="Telbedrijf BV", publicEmail="info@telbedrijf.example")
        carla = make_person(session, "Carla", ("editor", company))
    submitter = Editor(sign_in(client, carla))
    pages.see("review none", "/mijn/beoordelen")
    code, other = submit(submitter, "telling-1", "Telling"), submit(submitter, "telling-2", "Tweede telling")
    pages.see("review", "/mijn/beoordelen")
    pages.see("review, one", f"/mijn/beoordelen/{code}")
    pages.send("review mistakes", f"/mijn/beoordelen/{code}", 422, versie="1", besluit="afwijzen")
    assert decide(editor, code, "publiceren").status_code == 303
    pages.send("review conflict", f"/mijn/beoordelen/{code}", 409, versie="1", besluit="publiceren")
    pages.see("review, decided", f"/mijn/beoordelen/{code}")
    change(submitter, code, "waar", location="52,3741, 4,8932")
    pages.see("review, changed", f"/mijn/beoordelen/{code}?gedaan=publiceren&inzending={code}")
    assert decide(editor, other, "wijzigingen", toelichting="Waar staat hij?").status_code == 303
    pages.see("review, waiting", "/mijn/beoordelen?deel=waiting")
    pages.see("own review", f"/mijn/beoordeling/{other}")
    pages.see("withdraw", f"/mijn/sensoren/{code}/intrekken")
    pages.send("withdraw mistakes", f"/mijn/sensoren/{code}/intrekken", 422, versie="1", reden="")
    pages.see("restore", f"/mijn/sensoren/{code}/terugzetten")


def _see_reports(pages: WorkplacePages) -> None:
    """Pages of reports of residents: the inbox, one with its mistakes, answered, and the page of its private link."""
    pages.see("reports none", "/mijn/meldingen")
    with transaction(pages.imports.engine) as session:
        place = find_place(session, 4.89321, 52.37310)
        assert place is not None
        given = GivenReport(
            ReportKind.MISSING, place, "Een camera aan de gevel.\nHij draait.", "", True, "nl"
        )
        desk = ReportMailer(SITE, cipher=None, sends_mail=True)
        report, secret = file_report(session, desk, given, datetime.now(UTC))
    pages.see("report sent", f"/melding?sleutel={secret}&nieuw=ja")
    pages.see("reports", "/mijn/meldingen")
    one = f"/mijn/meldingen/{report.id}"
    pages.see("report", one)
    pages.send("report answer mistakes", f"{one}/beantwoorden", 422, versie="1", openbaar="ja")
    pages.send("report forward mistakes", f"{one}/doorsturen", 422, versie="1", organisatie="")
    pages.send("report note mistakes", f"{one}/notitie", 422, notitie="")
    pages.browser.post(f"{one}/notitie", data={"notitie": "Gebeld."})
    pages.browser.post(f"{one}/beantwoorden", data={"versie": "1", "antwoord": "Hij staat er nu in."})
    pages.send("report decided meanwhile", f"{one}/afwijzen", 409, versie="1", reden="Dubbel")
    pages.see("report answered", f"{one}?gedaan=beantwoord")
    pages.see("report, answer read", f"/melding?sleutel={secret}")


def _see_team(pages: WorkplacePages) -> None:
    pages.send("invite mistakes", "/mijn/team/uitnodigen", 422, naam="", mail="geen adres")
    pages.see("invite", "/mijn/team/uitnodigen")
    team = pages.see("team", "/mijn/team")
    member = re.findall(r"/mijn/team/persoon\?persoon=([\w-]+)", team)[-1]
    pages.see("member", f"/mijn/team/persoon?persoon={member}")
    pages.send("member ending mistakes", "/mijn/team/persoon/einde", 422, persoon=member, reden="")
    pages.see("new key", "/mijn/sleutels/nieuw")
    pages.send("new key mistakes", "/mijn/sleutels/nieuw", 422, naam="")
    issue = {"naam": "Beheersysteem", "mag-read": "ja"}
    pages.send("new key shown", "/mijn/sleutels/nieuw", 201, **issue)
    keys = pages.see("keys", "/mijn/sleutels")
    pages.see("key revoked", re.findall(r"/mijn/sleutels/intrekken\?sleutel=[\w-]+", keys)[0])


def _see_duty(pages: WorkplacePages) -> None:
    pages.see("duty none", "/mijn/meldplicht")
    form = pages.see("duty form", "/mijn/meldplicht/wijzigen")
    (version,) = re.findall(r'name="versie" value="(\d+)"', form)
    mistakes = {"vanaf": "gisteren", "link": "geen adres", "versie": version}
    pages.send("duty mistakes", "/mijn/meldplicht/wijzigen", 422, **mistakes)
    days = {"dagen": "5", "termijn-beoordelen": "14", "termijn-reageren": "7", "termijn-melding": "28"}
    given = {"verplicht": "ja", "titel-nl": "APV", "link": "https://example.org/apv", **days}
    pages.browser.post("/mijn/meldplicht/wijzigen", data={"vanaf": "2999-01-01", "versie": version, **given})
    pages.send("duty changed", "/mijn/meldplicht/wijzigen", 409, vanaf="2999-02-01", versie=version, **given)
    pages.see("duty", "/mijn/meldplicht")
    pages.see("trusted none", "/mijn/vertrouwd")
    found = pages.see("trusted found", "/mijn/vertrouwd?naam=meet")
    pages.see("trusted no name", "/mijn/vertrouwd?naam=", 422)
    company = re.findall(r'name="organisatie" value="([\w-]+)"', found)[0]
    pages.browser.post("/mijn/vertrouwd", data={"organisatie": company, "besluit": "vertrouw"})
    pages.see("trusted", "/mijn/vertrouwd?gedaan=vertrouwd")


def _see_transfers(pages: WorkplacePages) -> None:
    code = register_one(Editor(pages.browser), wat={"reference": "overdracht"})
    pages.see("transfers none", "/mijn/overdrachten")
    pages.see("transfers mistakes", "/mijn/overdrachten?sensor=niets&naam=", 422)
    found = pages.see("transfers found", f"/mijn/overdrachten?sensor={code}&naam=meet")
    company = re.findall(r'name="organisatie" value="([\w-]+)"', found)[0]
    pages.browser.post("/mijn/overdrachten", data={"sensor": code, "organisatie": company, "besluit": "bied"})
    pages.send("transfers twice", "/mijn/overdrachten", 409, sensor=code, organisatie=company, besluit="bied")
    pages.see("transfers offered", "/mijn/overdrachten?gedaan=aangeboden")


def _see_requests(pages: WorkplacePages) -> None:
    pages.see("join", "/aanmelden")
    pages.send("join mistakes", "/aanmelden", 422, naam="")
    pages.see("join asked", "/aanmelden/gevraagd")
    pages.see("join unknown link", f"/aanmelden/bevestigen?sleutel={'x' * 43}", 404)
    pages.see("join confirmed", "/aanmelden/bevestigd")
    pages.see("requests none", "/mijn/verzoeken")
    now = datetime.now(UTC)
    asked = {"name": "Camerabedrijf BV", "organisationType": "company", "kvkNumber": "12345678",
             "publicEmail": "info@camerabedrijf.example"}  # fmt: skip
    with transaction(pages.imports.engine) as session:
        secret = ask_to_join(
            session,
            asked,
            municipality_code="GM0363",
            person_name="Noor de Vries",
            person_email="noor@camerabedrijf.example",
            language="nl",
            now=now,
        )
        confirm_request(session, secret, now)
    pages.see("requests", "/mijn/verzoeken")


def _see_administration(pages: WorkplacePages) -> None:
    """Pages of an administrator of the register, with a job and a mail that failed."""
    office = "/mijn/beheer"
    pages.see("failures none", f"{office}/storingen")
    with transaction(pages.imports.engine) as session:
        defer_job(session, "vanished", lock="lock")
        session.execute(text("SET LOCAL search_path TO jobs"))
        session.execute(text("UPDATE jobs.procrastinate_jobs SET status = 'failed', attempts = 3"))
        session.execute(text("UPDATE register.outgoing_mail SET attempts = 2, last_error = '450 later'"))
    pages.see("administration", office)
    pages.see("failures", f"{office}/storingen")
    pages.see("settings", f"{office}/instellingen")
    people = pages.see("people", f"{office}/mensen")
    person = re.findall(rf"{office}/mensen/[\w-]+", people)[0]
    pages.see("person", person)
    pages.send("person ending mistakes", f"{person}/einde", 422, reden="")
    pages.send("person erasing mistakes", f"{person}/wissen", 422, reden="")
    organisations = pages.see("organisations", f"{office}/organisaties")
    organisation = re.findall(rf"{office}/organisaties/[\w-]+", organisations)[0]
    pages.see("organisation", organisation)
    pages.send("organisation name mistakes", f"{organisation}/naam", 422, naam="x" * 999)
    pages.see("own data", "/mijn/mijn-gegevens")
    pages.see("vocabularies", f"{office}/woordenlijsten")
    pages.see("duties", f"{office}/meldplicht")
    pages.see("vocabulary", f"{office}/woordenlijsten/sensorSubtype")
    pages.see("vocabulary that rules depend on", f"{office}/woordenlijsten/visibility")
    pages.see("term", f"{office}/woordenlijsten/sensorSubtype/termen/anpr")
    pages.see("new term", f"{office}/woordenlijsten/themes/nieuw")
    pages.send("new term mistakes", f"{office}/woordenlijsten/themes/nieuw", 422, code="!", woorden="x" * 200)
