"""The five controllers' own letters, in every kind and language."""

import pytest

from portal.adapters.letters.render import letter_html
from portal.domain.decisions import LetterKind
from portal.domain.register import Register
from portal.domain.words import Language
from portal.registers.load import load_all
from tests.letters.make_register import make_letter
from tests.letters.printed import print_letter

REGISTERS = load_all()


@pytest.mark.parametrize("register", REGISTERS.values(), ids=lambda register: register.id)
@pytest.mark.parametrize("kind", LetterKind)
def test_every_letter_of_every_register_is_complete_in_every_language(kind: LetterKind, register: Register) -> None:
    for language in Language:
        html = letter_html(make_letter(kind, language, register))
        assert register.controller.name[language] in html
        assert ("letter-appeal" in html) <= register.controller.sector.public


@pytest.mark.parametrize("register", REGISTERS.values(), ids=lambda register: register.id)
def test_a_refusal_is_printed_with_the_registers_own_remedy(register: Register) -> None:
    text = print_letter(make_letter(LetterKind.REFUSE, Language.FI, register)).text
    assert "Tietosuojavaltuutetun toimisto" in text
    assert ("hallinto-oikeus" in text) == register.controller.sector.public
    assert ("käräjäoikeudessa" in text) == (not register.controller.sector.public)
