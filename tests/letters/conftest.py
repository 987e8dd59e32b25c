"""Says at the end of a run how many letters were held against the matrix."""

import pytest

from tests.letters.library import COUNTED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if COUNTED:
        terminalreporter.write_line(
            f"letters: {COUNTED['rendered']} combinations of kind, language, sector, right and ground rendered; "
            f"{COUNTED['printed']} printed as PDF and read back"
        )
