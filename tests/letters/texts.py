"""What staff write into letters, in each language: whole sentences, so that a printed letter can be read and judged."""

from portal.domain.words import Language

FI, SV, EN = Language.FI, Language.SV, Language.EN

WHAT = {
    FI: ("jäljennös tallenteesta 17.5.2026 klo 14.32", "jäljennös tallenteesta 18.5.2026"),
    SV: ("kopia av inspelningen 17.5.2026 kl. 14.32", "kopia av inspelningen 18.5.2026"),
    EN: ("copy of the recording of 17.5.2026 at 14.32", "copy of the recording of 18.5.2026"),
}
FACTS = {
    FI: "Tallenteella puhuu myös toinen henkilö.\nHän kertoo omista asioistaan.",
    SV: "På inspelningen talar också en annan person.\nPersonen berättar om sina egna angelägenheter.",
    EN: "Another person speaks on the recording too.\nThat person tells of matters of their own.",
}
REPEATED = {
    FI: "Olet pyytänyt samoja jäljennöksiä neljästi tänä vuonna ja saanut ne kolmesti.",
    SV: "Du har begärt samma kopior fyra gånger i år och fått dem tre gånger.",
    EN: "You have asked for the same copies four times this year and received them three times.",
}
ASSESSMENT = {
    FI: "Arvioimme asiaa tämän puhelun sisällön perusteella.",
    SV: "Vi har bedömt saken utifrån innehållet i det här samtalet.",
    EN: "We have assessed the matter by what was said in this call.",
}
VAGUE_CALL = {FI: "Toukokuussa", SV: "I maj", EN: "In May"}
ASKED = {FI: "puhelun päivä", SV: "dagen för samtalet", EN: "the day of the call"}
ASKED_WHY = {
    FI: "ilmoittamastasi numerosta soitettiin usein",
    SV: "det ringdes ofta från det nummer du uppgav",
    EN: "many calls were made from the number you gave",
}
EXTENSION = {
    FI: "tallenteita on poikkeuksellisen paljon ja niistä on poistettava toisten tietoja.",
    SV: "inspelningarna är ovanligt många och andras uppgifter ska tas bort ur dem.",
    EN: "there are unusually many recordings and the data of others must be removed from them.",
}
COLLECT = {FI: "asiointipalvelusta", SV: "i e-tjänsten", EN: "in the service"}
FILES = {
    FI: ("puhelun äänitallenne", "puhelun tiedot"),
    SV: ("ljudinspelning av samtalet", "uppgifter om samtalet"),
    EN: ("audio recording of the call", "data of the call"),
}
CORRECTED = {FI: "nimi", SV: "namn", EN: "name"}
UNTIL = {
    FI: "tietojen paikkansapitävyys on varmistettu",
    SV: "uppgifternas riktighet har kontrollerats",
    EN: "the accuracy of the data has been verified",
}
KEPT = {
    FI: "pyyntösi asiakirjat",
    SV: "handlingarna om din begäran",
    EN: "the documents of your request",
}
LIFTED_WHY = {
    FI: "tietojen paikkansapitävyys on varmistettu",
    SV: "uppgifternas riktighet har kontrollerats",
    EN: "the accuracy of the data has been verified",
}
LIFTED_WHAT = {
    FI: ("tallenne 17.5.2026 klo 14.32",),
    SV: ("inspelningen 17.5.2026 kl. 14.32",),
    EN: ("the recording of 17.5.2026 at 14.32",),
}
FEE_WHY = {
    FI: "olet saanut samat jäljennökset jo kolme kertaa tänä vuonna",
    SV: "du redan har fått samma kopior tre gånger i år",
    EN: "you have already received the same copies three times this year",
}
COSTS = {
    FI: (("Jäljennösten tekeminen, 1 tunti", 2500), ("Postitus", 350)),
    SV: (("Framställning av kopiorna, 1 timme", 2500), ("Postning", 350)),
    EN: (("Making the copies, 1 hour", 2500), ("Posting", 350)),
}
PLACE = {
    FI: "Asiakaspalvelu, Mallikatu 1, Mallila",
    SV: "Kundtjänsten, Modellgatan 1, Mallila",
    EN: "Customer service, Mallikatu 1, Mallila",
}
ID_DOCUMENTS = {
    FI: ("passi", "poliisin myöntämä henkilökortti", "ajokortti"),
    SV: ("pass", "identitetskort som polisen har beviljat", "körkort"),
    EN: ("passport", "identity card issued by the police", "driving licence"),
}
CLOSED_WHY = {
    FI: "emme löydä puhelua ilman sen päivää",
    SV: "vi inte hittar samtalet utan dess dag",
    EN: "we cannot find the call without its day",
}
ELSEWHERE = {
    FI: "Esimerkkilän hyvinvointialue, kirjaamo, PL 1, 01999 Esimerkkilä",
    SV: "Exempelnäs välfärdsområde, registratorskontoret, PB 1, 01999 Exempelnäs",
    EN: "Wellbeing services county of Esimerkkilä, registry, PL 1, 01999 Esimerkkilä",
}
