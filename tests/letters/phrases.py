"""A telling phrase of each statement in each language: the words that must stand in a letter holding it."""

PHRASES: dict[str, dict[str, str]] = {
    "S01": {
        "fi": "Pyyntösi on saapunut meille",
        "sv": "Din begäran kom in till oss den",
        "en": "Your request reached us on",
    },
    "S02": {
        "fi": "Pyyntösi koskee seuraavia puheluita",
        "sv": "Din begäran gäller följande samtal",
        "en": "Your request concerns the following calls",
    },
    "S03": {
        "fi": "Vastaamme ilman aiheetonta viivytystä ja viimeistään",
        "sv": "Vi svarar utan onödigt dröjsmål och senast den",
        "en": "We will answer without undue delay and at the latest on",
    },
    "S03t": {
        "fi": "Tavoite ei muuta edellä mainittua määräaikaa",
        "sv": "Målet ändrar inte den tidsfrist som nämns ovan",
        "en": "The aim does not change the time limit above",
    },
    "S04": {
        "fi": "Pyyntöäsi mahdollisesti koskevia tallenteita ei poisteta pyynnön",
        "sv": "Inspelningar som kan gälla din begäran raderas inte medan begäran",
        "en": "Recordings that may concern your request will not be erased while the",
    },
    "S05a": {
        "fi": "Tarvitsemme tallenteiden löytämiseksi seuraavat tiedot",
        "sv": "För att hitta inspelningarna behöver vi följande uppgifter",
        "en": "To find the recordings we need the following information",
    },
    "S05b": {
        "fi": "Meillä on perusteltua syytä epäillä pyynnön tekijän henkilöllisyyttä,",
        "sv": "Vi har rimliga skäl att betvivla identiteten hos den som har gjort",
        "en": "We have reasonable doubts about the identity of the person who made",
    },
    "S05c": {
        "fi": "Käsittelemme suurta määrää sinua koskevia tietoja. Pyydämme sinua",
        "sv": "Vi behandlar en stor mängd uppgifter om dig. Vi ber dig precisera",
        "en": "We process a large quantity of information about you. Please specify",
    },
    "S05p": {
        "fi": "alkaen siihen saakka, kunnes olemme saaneet vastauksesi",
        "sv": "Tidsfristen för vårt svar är avbruten från och med den",
        "en": "The time limit for our answer is suspended from",
    },
    "S06": {
        "fi": "Älä lähetä kopiota henkilötodistuksesta. Peitä asiakirjoistasi",
        "sv": "Skicka inte en kopia av en identitetshandling. Täck över de uppgifter",
        "en": "Do not send a copy of an identity document. Cover any information in",
    },
    "S07a": {
        "fi": "Jos emme saa vastaustasi, voimme joutua päättämään asian käsittelyn.",
        "sv": "Om vi inte får något svar av dig kan vi bli tvungna att avsluta",
        "en": "If we do not hear from you, we may have to close the case. You can",
    },
    "S08": {
        "fi": "Jatkamme määräaikaa yleisen tietosuoja-asetuksen (EU) 2016/679 12",
        "sv": "Vi förlänger tidsfristen med stöd av artikel 12.3 i den allmänna",
        "en": "The time limit is extended under Article 12(3) of the General Data",
    },
    "S09a": {
        "fi": "Hyväksymme pyyntösi",
        "sv": "Vi bifaller din begäran",
        "en": "We grant your request",
    },
    "S09b": {
        "fi": "Hyväksymme pyyntösi osittain. Hyväksymme seuraavat kohdat",
        "sv": "Vi bifaller din begäran delvis. Vi bifaller följande",
        "en": "We grant your request in part. We grant",
    },
    "S09c": {
        "fi": "Emme hyväksy pyyntöäsi",
        "sv": "Vi avslår din begäran",
        "en": "We do not grant your request",
    },
    "S10": {
        "fi": "Sovellettu säännös",
        "sv": "Tillämpad bestämmelse",
        "en": "Provision applied",
    },
    "S11": {
        "fi": "saakka, minkä jälkeen ne poistetaan palvelusta",
        "sv": "Filerna kan hämtas till och med den",
        "en": "after which they are erased from the service",
    },
    "S12-0": {
        "fi": "Käsittelemme sinua koskevia henkilötietoja seuraavassa rekisterissä",
        "sv": "Vi behandlar personuppgifter om dig i följande register",
        "en": "We process personal data concerning you in the following register",
    },
    "S12a": {
        "fi": "Käsittelyn oikeusperuste",
        "sv": "Ändamålen med behandlingen",
        "en": "Purposes of the processing",
    },
    "S12b": {
        "fi": "Henkilötietoryhmät",
        "sv": "Kategorier av personuppgifter",
        "en": "Categories of personal data",
    },
    "S12c": {
        "fi": "Vastaanottajat, joille tietoja on luovutettu tai on tarkoitus",
        "sv": "Mottagare till vilka uppgifterna har lämnats eller ska lämnas ut",
        "en": "Recipients to whom the data have been or will be disclosed",
    },
    "S12d": {
        "fi": "Tämä tallenne poistetaan",
        "sv": "Den här inspelningen raderas den",
        "en": "This recording will be erased on",
    },
    "S12d-hold": {
        "fi": "Tallennetta säilytetään toistaiseksi pidempään, koska",
        "sv": "Inspelningen bevaras tills vidare längre, eftersom",
        "en": "The recording is kept longer for the time being, because",
    },
    "S12e": {
        "fi": "Oikeutesi, jotka koskevat näitä tietoja",
        "sv": "Dina rättigheter i fråga om dessa uppgifter",
        "en": "Your rights concerning these data",
    },
    "S12g": {
        "fi": "Tietojen alkuperä",
        "sv": "Uppgifternas källa",
        "en": "Source of the data",
    },
    "S12h": {
        "fi": "Tietoja ei käytetä automaattiseen päätöksentekoon eikä profilointiin",
        "sv": "Uppgifterna används inte för automatiserat beslutsfattande,",
        "en": "The data are not used for automated decision-making, including",
    },
    "S12-2": {
        "fi": "Tietoja ei siirretä kolmanteen maahan eikä kansainväliselle",
        "sv": "Uppgifterna överförs inte till tredjeland eller till en",
        "en": "The data are not transferred to a third country or an international",
    },
    "S13": {
        "fi": "Jäljennöksestä on poistettu muiden oikeuksien ja vapauksien",
        "sv": "Följande avsnitt har tagits bort ur kopian för att skydda andras",
        "en": "The following passages have been removed from the copy to protect the",
    },
    "S14": {
        "fi": "Koska sinulla ei tietosuojalain (1050/2018) 34 §:n perusteella ole",
        "sv": "Eftersom du på grund av 34 § i dataskyddslagen (1050/2018) inte har",
        "en": "Since, on the basis of section 34 of the Data Protection Act",
    },
    "S15a": {
        "fi": "Meillä ei ole pyyntöäsi vastaavaa tallennetta. Haimme seuraavilla",
        "sv": "Vi har ingen inspelning som motsvarar din begäran. Vi sökte med",
        "en": "We hold no recording that matches your request. We searched with the",
    },
    "S15b": {
        "fi": "säilytysajan päätyttyä, ennen pyyntösi saapumista. Puhelu",
        "sv": "efter att lagringstiden hade gått ut, innan din begäran kom in. Samtal",
        "en": "when its storage period had ended and before your request reached us.",
    },
    "S16a": {
        "fi": "seuraavat tiedot",
        "sv": "rättade vi följande uppgifter",
        "en": "we rectified the following data",
    },
    "S16b": {
        "fi": "seuraavat tiedot",
        "sv": "raderade vi följande uppgifter",
        "en": "we erased the following data",
    },
    "S16k": {
        "fi": "Seuraavat tiedot säilytetään",
        "sv": "Följande uppgifter bevaras till och med den",
        "en": "The following data remain until",
    },
    "S16c": {
        "fi": "seuraavien tietojen käsittelyä",
        "sv": "begränsade vi behandlingen av följande uppgifter",
        "en": "we restricted the processing of the following data",
    },
    "S16d": {
        "fi": "tietojesi käsittelyn seuraaviin tarkoituksiin",
        "sv": "upphörde vi att behandla dina uppgifter för följande ändamål",
        "en": "we stopped processing your data for the following purposes",
    },
    "S16e": {
        "fi": "Peruuttaminen ei vaikuta suostumuksen perusteella ennen sen",
        "sv": "Återkallandet påverkar inte lagligheten av den behandling som",
        "en": "The withdrawal does not affect the lawfulness of processing based on",
    },
    "S17a": {
        "fi": "Ilmoitimme tästä seuraaville vastaanottajille",
        "sv": "Vi underrättade följande mottagare om detta",
        "en": "On request we will tell you who the recipients are",
    },
    "S17b": {
        "fi": "Ilmoittaminen on mahdotonta tai vaatisi kohtuutonta vaivaa, koska",
        "sv": "Det är omöjligt eller skulle medföra en oproportionell ansträngning,",
        "en": "Informing them is impossible or would involve disproportionate",
    },
    "S17n": {
        "fi": "Tietoja ei ollut luovutettu vastaanottajille",
        "sv": "Uppgifterna hade inte lämnats ut till någon mottagare",
        "en": "The data had not been disclosed to any recipient",
    },
    "S18": {
        "fi": "Rajoituksen aikana tietoja ainoastaan säilytetään. Säilyttämistä",
        "sv": "Så länge begränsningen gäller får uppgifterna endast lagras. Med",
        "en": "While the restriction lasts, the data are only stored. With the",
    },
    "S20": {
        "fi": "Sinulla on oikeus tehdä valitus valvontaviranomaiselle, jos katsot,",
        "sv": "Du har rätt att lämna in klagomål till en tillsynsmyndighet, om du",
        "en": "You have the right to lodge a complaint with a supervisory authority",
    },
    "S21a": {
        "fi": "Sinulla on myös oikeus tehokkaisiin oikeussuojakeinoihin. Voit nostaa",
        "sv": "Du har också rätt till ett effektivt rättsmedel. Du kan väcka talan",
        "en": "You also have the right to an effective judicial remedy. You may",
    },
    "S21b": {
        "fi": "Tähän päätökseen saa hakea muutosta valittamalla hallinto-oikeuteen",
        "sv": "Ändring i detta beslut får sökas genom besvär hos",
        "en": "You may appeal against this decision to the administrative court",
    },
    "S24": {
        "fi": "Tietosuojavastaava",
        "sv": "Mer information",
        "en": "Data protection officer",
    },
    "S25a": {
        "fi": "Tämä vastaus on maksuton",
        "sv": "Detta svar är avgiftsfritt",
        "en": "This answer is free of charge",
    },
    "S25b": {
        "fi": "Pyyntösi käsittely on pääsääntöisesti maksutonta",
        "sv": "Behandlingen av din begäran är i regel avgiftsfri",
        "en": "Handling your request is, as a rule, free of charge",
    },
    "S26a": {
        "fi": "Antamasi lisäselvitys on liitetty tallenteeseen",
        "sv": "Ditt kompletterande utlåtande har fogats till inspelningen",
        "en": "The supplementary statement you gave has been attached to the",
    },
    "S26b": {
        "fi": "Voit antaa lisäselvityksen, jonka liitämme tallenteeseen",
        "sv": "Du kan lämna ett kompletterande utlåtande, som vi fogar till",
        "en": "You may give a supplementary statement, which we will attach to the",
    },
}
