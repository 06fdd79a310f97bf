"""Contact details of persons in public texts, and texts that only look like them."""

import pytest

from app.organisations.contact_details import find_contact_details
from tests.support.waiting import soon_computed


@pytest.mark.parametrize(
    ("text", "found", "position"),
    [
        ("Contact: Jan de Vries, tel. 06-12345678", "Jan de Vries, tel. 06-12345678", 10),
        ("J. de Vries, 020-1234567", "J. de Vries, 020-1234567", 1),
        ("Beheerder dhr. Jansen 020 123 45 67", "dhr. Jansen 020 123 45 67", 11),
        ("mevrouw A.B. van den Berg, +31 20 123 4567", "mevrouw A.B. van den Berg, +31 20 123 4567", 1),
        ("Fatima El Amrani +31612345678", "Fatima El Amrani +31612345678", 1),
        ("Jan Jansen: +31 (0)6 1234 5678", "Jan Jansen: +31 (0)6 1234 5678", 1),
        ("Bel 0031612345678, J.P. Jansen", "0031612345678, J.P. Jansen", 5),
        ("06 12 34 56 78 (Piet Jansen)", "06 12 34 56 78 (Piet Jansen", 1),
        ("Karin Smit\nTelefoon: (020) 123 45 67", "Karin Smit\nTelefoon: (020) 123 45 67", 1),
        ("De beheerder is Els Visser. Bel 030-1234567.", "Els Visser. Bel 030-1234567", 17),
        ("Jan-Willem de Boer 020-1234567", "Jan-Willem de Boer 020-1234567", 1),
        ("JAN DE VRIES 0612345678", "JAN DE VRIES 0612345678", 1),
        ("jan de vries 06-12345678", "jan de vries 06-12345678", 1),
        ("Jan van der Laan 020-1234567", "Jan van der Laan 020-1234567", 1),
        ("Piet van Wijk, 06-12345678", "Piet van Wijk, 06-12345678", 1),
        # A mobile number beside one given name, or beside a name that is not frequent.
        ("bel Peter: 06 1234 5678", "Peter: 06 1234 5678", 5),
        ("Xiomara Martina 06-12345678", "Xiomara Martina 06-12345678", 1),
        ("Xenos van den Berg 06-12345678", "Xenos van den Berg 06-12345678", 1),
    ],
)
def test_name_with_telephone_number_is_found(text: str, found: str, position: int) -> None:
    (problem,) = find_contact_details(text, "/purpose")
    assert (problem.code, problem.location, problem.value) == ("personal_phone", "/purpose", found)
    assert problem.detail.nl.startswith(f"Vanaf teken {position} staat")
    assert problem.detail.en.startswith(f"From character {position} ")
    assert found in problem.detail.nl


@pytest.mark.parametrize(
    ("text", "found", "position"),
    [
        ("Vragen? Mail j.jansen@gemeente.nl.", "j.jansen@gemeente.nl", 14),
        ("jan.jansen@amsterdam.nl", "jan.jansen@amsterdam.nl", 1),
        ("jan.jansen [at] amsterdam.nl", "jan.jansen [at] amsterdam.nl", 1),
        ("of naar jandevries@gmail.com", "jandevries@gmail.com", 9),
        ("bewoner12@ziggo.nl", "bewoner12@ziggo.nl", 1),
        ("Jan de Vries, jdevries@gemeente.nl", "jdevries@gemeente.nl", 15),
        ("M. Bakker (mbakker@bedrijf.nl)", "mbakker@bedrijf.nl", 12),
    ],
)
def test_private_mail_address_is_found(text: str, found: str, position: int) -> None:
    (problem,) = find_contact_details(text, "/purpose")
    assert (problem.code, problem.location, problem.value) == ("personal_email", "/purpose", found)
    assert problem.detail.nl.startswith(f"Vanaf teken {position} staat")


def test_every_contact_detail_of_a_text_is_found() -> None:
    text = "Jan de Vries 06-12345678, j.jansen@example.org en K. Smit 020-1234567"
    assert [problem.value for problem in find_contact_details(text, "/name")] == [
        "j.jansen@example.org",
        "Jan de Vries 06-12345678",
        "K. Smit 020-1234567",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Vragen? info@gemeente.nl",
        "privacy@amsterdam.nl of 14020",
        "Jan de Vries, info@gemeente.nl",
        "sensor.project@gmail.com",
        "camera@vialis.nl",
        "bel 14 020",
        "Jan de Vries, bel 14 020",
        "Bel 06-12345678",
        "Camera van Jan de Vries",
        "Bel de gemeente: 0800-1234",
        "Gemeente Amsterdam 020 624 1111",
        "Vialis B.V. 030-1234567",
        "B.V. Sensoren Nederland 020-1234567",
        "N.V. Nederlandse Spoorwegen 030-1234567",
        "Jan de Vries B.V. 020-1234567",
        "Piet Jansen Installaties 020-1234567",
        "Bakker & Zonen 020-1234567",
        "Ministerie van Infrastructuur, 070-1234567",
        "Siemens Mobility 070-1234567",
        "Storingsdienst Verkeer 06-12345678",
        "Team Handhaving: 06-12345678",
        "Bel Vialis 06-12345678",
        "Van der Valk Hotel 020-1234567",
        "Jan van Galenstraat, storing 020-1234567",
        "Johan Cruijff Arena 020-3111333",
        "Anne Frank Huis 020-5567105",
        "J.P. Coenstraat 5, 020-1234567",
        "Jan de Vries, 01-02-2026",
        "Jan de Vries, meetpunt 0363100012345678",
        "Camera 3 op 52.3731234, 4.8912345",
        "+31 20 1234567",
        "@SUM(A1:A3)",
        "https://example.org/a@b",
    ],
)
def test_text_without_contact_details_of_a_person_has_no_problem(text: str) -> None:
    assert find_contact_details(text, "/purpose") == []


@pytest.mark.parametrize(
    "part",
    ["a", "A.", "0", "06 ", "a.b", "Jan van ", "a@", "a-", "van ", " ", "0612345678 ", "Jan de Vries 06 "],
)
@pytest.mark.parametrize("end", ["", "@", "0612345678", "a@b.nl"])
def test_longest_text_is_searched_in_a_moment(part: str, end: str) -> None:
    text = (part * 1000)[: 1000 - len(end)] + end
    with soon_computed():
        find_contact_details(text, "/purpose")
