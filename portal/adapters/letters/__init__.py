"""From the facts of a case to a frozen letter: template, HTML, tagged PDF/A."""
