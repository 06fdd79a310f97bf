"""The sentences of the letters to a controller and to the supervisor, and of the page that offers them."""

from typing import Final

from app.core.i18n import LocalizedText
from app.website.status_text import Tense

SENDER: Final = (
    LocalizedText("[Uw naam]", "[Your name]"),
    LocalizedText("[Uw adres, postcode en plaats]", "[Your address, postcode and town]"),
    LocalizedText("[Uw e-mailadres]", "[Your e-mail address]"),
)
SUPERVISOR: Final = (
    LocalizedText("Autoriteit Persoonsgegevens", "Autoriteit Persoonsgegevens"),
    LocalizedText("Postbus 93374", "Postbus 93374"),
    LocalizedText("2509 AJ Den Haag", "2509 AJ Den Haag, the Netherlands"),
)
FOR_OFFICER: Final = LocalizedText(
    "Ter attentie van de functionaris voor gegevensbescherming: {contact}",
    "For the attention of the data protection officer: {contact}",
)
UNKNOWN_ADDRESS: Final = LocalizedText(
    "[Adres of e-mailadres van de organisatie]", "[Address or e-mail address of the organisation]"
)
UNNAMED_CONTROLLER: Final = LocalizedText(
    "De verantwoordelijke voor sensor {code} ({unnamed})", "The controller of sensor {code} ({unnamed})"
)
SALUTATION: Final = LocalizedText("Geachte heer of mevrouw,", "Dear Sir or Madam,")
CLOSING: Final = LocalizedText("Met vriendelijke groet,", "Yours faithfully,")
SIGNATURE: Final = LocalizedText("[Uw naam en handtekening]", "[Your name and signature]")

KIND_NAMES: Final = {
    "ACCESS": LocalizedText("Gegevens inzien", "See my data"),
    "OBJECTION": LocalizedText("Bezwaar maken", "Object"),
    "COMPLAINT": LocalizedText("Klacht indienen", "Complain"),
}
KIND_EXPLANATIONS: Final = {
    "ACCESS": LocalizedText(
        "U vraagt welke gegevens er over u zijn, en u krijgt een kopie (AVG, artikel 15).",
        "You ask which data there are about you, and get a copy (GDPR, article 15).",
    ),
    "OBJECTION": LocalizedText(
        "U vraagt om te stoppen met uw gegevens (AVG, artikel 21).",
        "You ask to stop the use of your data (GDPR, article 21).",
    ),
    "COMPLAINT": LocalizedText(
        "U vraagt de Autoriteit Persoonsgegevens om ernaar te kijken (AVG, artikel 77). "
        "Stuur eerst een brief aan de verantwoordelijke.",
        "You ask the Dutch Data Protection Authority to look into it (GDPR, article 77). "
        "Write to the controller first.",
    ),
}
SUBJECTS: Final = {
    "ACCESS": LocalizedText(
        "Verzoek om inzage in mijn persoonsgegevens, sensor {code}",
        "Request for access to my personal data, sensor {code}",
    ),
    "OBJECTION": LocalizedText(
        "Bezwaar tegen het verwerken van mijn persoonsgegevens, sensor {code}",
        "Objection to the processing of my personal data, sensor {code}",
    ),
    "COMPLAINT": LocalizedText(
        "Klacht over het verwerken van persoonsgegevens, sensor {code}",
        "Complaint about the processing of personal data, sensor {code}",
    ),
}
ABOUT: Final[dict[Tense, LocalizedText]] = {
    "future": LocalizedText(
        "Deze brief gaat over sensor {code}: {kind}. De plek: {place}. "
        "Volgens het sensorregister beslist {controller} over de gegevens van deze sensor.",
        "This letter is about sensor {code}: {kind}. Its place: {place}. "
        "According to the sensor register {controller} decides about the data of this sensor.",
    ),
    "present": LocalizedText(
        "Deze brief gaat over sensor {code}: {kind}. De plek: {place}. "
        "Volgens het sensorregister beslist {controller} over de gegevens van deze sensor.",
        "This letter is about sensor {code}: {kind}. Its place: {place}. "
        "According to the sensor register {controller} decides about the data of this sensor.",
    ),
    "past": LocalizedText(
        "Deze brief gaat over sensor {code}: {kind}. De plek: {place}. De sensor is verwijderd. "
        "Volgens het sensorregister besliste {controller} over de gegevens van deze sensor.",
        "This letter is about sensor {code}: {kind}. Its place: {place}. The sensor has been removed. "
        "According to the sensor register {controller} decided about the data of this sensor.",
    ),
}
_I_WAS_THERE: Final = LocalizedText(
    "Ik was daar op [datum], tussen [tijd] en [tijd]. U kunt mij herkennen aan [bijvoorbeeld uw kleding of kenteken].",
    "I was there on [date], between [time] and [time]. You can recognise me by [such as clothes or a number plate].",
)
I_WAS_THERE: Final[dict[Tense, LocalizedText]] = {
    "future": LocalizedText(
        "Ik kom daar vaak. U kunt mij herkennen aan [bijvoorbeeld uw kleding of kenteken].",
        "I am often there. You can recognise me by [such as clothes or a number plate].",
    ),
    "present": _I_WAS_THERE,
    "past": _I_WAS_THERE,
}
ACCESS_REQUEST: Final = LocalizedText(
    "Ik vraag u om inzage (AVG, artikel 15). Laat mij weten:",
    "I request access (GDPR, article 15). Please tell me:",
)
ACCESS_ITEMS: Final = (
    LocalizedText(
        "of u persoonsgegevens van mij verwerkt, en zo ja welke; stuur mij daarvan een kopie",
        "whether you process personal data about me, and if so which; please send me a copy",
    ),
    LocalizedText("waarvoor u deze gegevens gebruikt", "what you use these data for"),
    LocalizedText(
        "wie de gegevens heeft gekregen of krijgt, ook buiten de Europese Unie",
        "who has received or will receive the data, also outside the European Union",
    ),
    LocalizedText("hoe lang u de gegevens bewaart", "how long you store the data"),
    LocalizedText("hoe u aan de gegevens bent gekomen", "where the data come from"),
    LocalizedText(
        "of er automatisch besluiten mee worden genomen of profielen mee worden gemaakt, en hoe",
        "whether they are used for automated decisions or profiling, and how",
    ),
)
_STORED: Final[dict[Tense, LocalizedText]] = {
    "future": LocalizedText("gaat u de gegevens {period} bewaren", "you will store the data for {period}"),
    "present": LocalizedText("bewaart u de gegevens {period}", "you store the data for {period}"),
    "past": LocalizedText("bewaarde u de gegevens {period}", "you stored the data for {period}"),
}
KEEP_DATA: Final[dict[Tense, LocalizedText]] = {
    tense: LocalizedText(
        f"Volgens het register {stored.nl}. Wis de gegevens over mij niet voordat u dit verzoek heeft behandeld.",
        f"According to the register {stored.en}. "
        "Please do not delete the data about me before you have dealt with this request.",
    )
    for tense, stored in _STORED.items()
}
ONE_MONTH: Final = LocalizedText(
    "U moet binnen een maand antwoorden (AVG, artikel 12, lid 3). Heeft u meer tijd nodig, laat mij dat dan "
    "binnen die maand weten en vertel waarom.",
    "You have to answer within one month (GDPR, article 12(3)). If you need more time, tell me so within that month, "
    "with the reason.",
)
OBJECTION: Final = LocalizedText(
    "Ik maak bezwaar tegen het verwerken van mijn persoonsgegevens met deze sensor (AVG, artikel 21, lid 1).",
    "I object to the processing of my personal data by this sensor (GDPR, article 21(1)).",
)
GROUND: Final = LocalizedText(
    "Volgens het register is de grondslag: {grounds}.",
    "According to the register the legal basis is: {grounds}.",
)
OBJECTION_REASON: Final = LocalizedText(
    "Dat doe ik vanwege mijn eigen situatie: [leg uit waarom, bijvoorbeeld omdat u hier woont].",
    "I do so because of my own situation: [explain why, such as that you live here].",
)
OBJECTION_EFFECT: Final = LocalizedText(
    "Stop met het verwerken van mijn gegevens, of laat zien welke dwingende redenen zwaarder wegen dan mijn belangen, "
    "rechten en vrijheden. Gebruik mijn gegevens niet zolang u dit beoordeelt (AVG, artikel 18, lid 1, onder d).",
    "Stop processing my data, or show which compelling grounds override my interests, rights and freedoms. "
    "Do not use my data while you assess this (GDPR, article 18(1)(d)).",
)
COMPLAINT: Final = LocalizedText(
    "Ik dien een klacht in over {controller} (AVG, artikel 77).",
    "I lodge a complaint against {controller} (GDPR, article 77).",
)
COMPLAINT_CONTENT: Final = LocalizedText(
    "Volgens mij worden mijn persoonsgegevens niet verwerkt zoals het moet, omdat [leg uit wat er mis is].",
    "I believe that my personal data are not processed as they should be, because [explain what is wrong].",
)
COMPLAINT_BEFORE: Final = LocalizedText(
    "Op [datum] heb ik {controller} geschreven. [Ik kreeg binnen een maand geen antwoord (AVG, artikel 12, lid 3). / "
    "Het antwoord was: …] Een kopie stuur ik mee.",
    "On [date] I wrote to {controller}. [I got no answer within one month (GDPR, article 12(3)). / "
    "The answer was: …] I enclose a copy.",
)
COMPLAINT_REQUEST: Final = LocalizedText(
    "Ik vraag u mijn klacht te onderzoeken, en mij binnen drie maanden te laten weten hoe het ermee staat "
    "(AVG, artikel 78, lid 2).",
    "Please investigate my complaint, and inform me of its progress within three months (GDPR, article 78(2)).",
)

NO_PERSONAL_DATA: Final = LocalizedText(
    "Volgens de eigenaar verwerkt deze sensor geen persoonsgegevens. Dan zijn er geen gegevens over u om in te zien "
    "of bezwaar tegen te maken. Denkt u dat dit niet klopt? Dan kunt u toch een brief sturen.",
    "According to its owner this sensor processes no personal data. Then there are no data about you to see or to "
    "object to. Do you think that this is wrong? Then you can still send a letter.",
)
NOT_THERE_YET: Final = LocalizedText(
    "Deze sensor is er nog niet: volgens de eigenaar komt hij er op {day}. Er zijn dus nog geen gegevens over u. "
    "U kunt de brief wel vast maken.",
    "This sensor is not there yet: according to its owner it will be there from {day}. So there are no data about you "
    "yet. You can already write the letter.",
)
NO_OBJECTION: Final = LocalizedText(
    "Bezwaar maken kan als de grondslag een publieke taak of een gerechtvaardigd belang is (AVG, artikel 21, lid 1). "
    "Deze eigenaar noemt een andere grondslag: {grounds}. Leg in uw brief uit waarom u toch bezwaar maakt.",
    "You can object where the legal basis is a public task or a legitimate interest (GDPR, article 21(1)). "
    "This owner gives another legal basis: {grounds}. Explain in your letter why you object all the same.",
)
WITHDRAW_CONSENT: Final = LocalizedText(
    "Heeft u toestemming gegeven? Dan kunt u die altijd intrekken (AVG, artikel 7, lid 3).",
    "Did you give your consent? Then you can withdraw it at any time (GDPR, article 7(3)).",
)
UNKNOWN_KIND: Final = LocalizedText(
    "Deze soort brief is er niet. Kies een van de brieven hieronder.",
    "There is no letter of this kind. Choose one of the letters below.",
)
