"""The house's own rules, kept by a test instead of by memory (docs/architecture.md)."""

import ast
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest

from portal.domain.events import Event, kind_of
from portal.domain.grounds import GROUNDS
from portal.store.tables import metadata

ROOT = Path(__file__).parents[2]
PORTAL = ROOT / "portal"
MODULES = sorted(
    file for file in PORTAL.rglob("*.py") if "versions" not in file.parts
)  # a migration is as long as the schema
LONGEST_MODULE, LONGEST_FUNCTION = 400, 60
# longer for one reason each; a module may leave this list, none may join it
LONGER = {
    "portal/domain/deadlines.py": 450,  # time limits, the lines of their derivation and a table of cases: one algorithm
    "portal/demo/calls.py": 425,  # what is said in the demo's calls
}
FIELDS = ("sealed", "label", "body", "html", "lookup", "token", "caller_key", "other_key", "subject", "login", "name")
# what these columns hold in these tables is no person's
IMPERSONAL = {("pending_login", "sealed"), ("slot", "name")}


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def name(file: Path) -> str:
    return str(file.relative_to(ROOT))


def parsed(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


@pytest.mark.parametrize("kind", sorted(kind_of(event) for event in Event.__subclasses__()))
def test_every_event_has_its_line_in_the_timeline(kind: str) -> None:
    assert (ROOT / "templates" / "timeline" / f"{kind}.html").read_text(encoding="utf-8").strip()


def test_the_timeline_has_no_line_for_what_cannot_happen() -> None:
    lines = {file.stem for file in (ROOT / "templates" / "timeline").glob("*.html")}
    assert lines == {kind_of(event) for event in Event.__subclasses__()}


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
@pytest.mark.parametrize("ground", sorted(GROUNDS))
def test_every_ground_has_a_paragraph_in_each_language(ground: str, language: str) -> None:
    file = ROOT / "templates" / "letters" / "paragraphs" / ground / f"{language}.html"
    assert file.read_text(encoding="utf-8").strip()


@pytest.mark.parametrize("ground", sorted(GROUNDS))
def test_every_ground_cites_its_provision_in_each_language(ground: str) -> None:
    found = GROUNDS[ground]
    assert all(text.strip() for text in (found.provision.fi, found.provision.sv, found.provision.en))
    assert found.rights


def test_only_the_clock_asks_what_time_it_is() -> None:
    askers = {
        name(file)
        for file in MODULES
        for node in ast.walk(parsed(file))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) in {
            "datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.time_ns",
            "datetime.datetime.now", "datetime.date.today", "func.now", "func.current_timestamp",
        }
        and "demo" not in file.parts  # a program of its own that makes calls of the last days
    }  # fmt: skip
    assert askers == {"portal/adapters/clock.py"}


def test_every_column_that_looks_personal_says_why_it_is_kept_and_how_long() -> None:
    silent = {
        (table.name, column.name)
        for table in metadata.sorted_tables
        for column in table.columns
        if column.name in FIELDS and not {"purpose", "kept"} <= set(column.info)
    }
    assert silent == IMPERSONAL


def calls_of(*methods: str) -> set[str]:
    """The modules of the portal that call a method of one of these names."""
    return {
        name(file)
        for file in MODULES
        for node in ast.walk(parsed(file))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in methods
    }


def test_recordings_are_destroyed_through_one_door() -> None:
    assert calls_of("condemn", "condemn_one", "start_deleting", "gone", "erase") == {"portal/services/dispose.py"}


def test_files_of_the_vault_are_deleted_by_those_who_are_known_to() -> None:
    deleters = {
        name(file)
        for file in MODULES
        for node in ast.walk(parsed(file))
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("vault.delete")
    }
    assert deleters == {
        "portal/adapters/recordings/upload.py",  # an upload's own erasure, asked for by dispose
        "portal/services/attach_document.py",  # what shows a right to act, once it has served
        "portal/services/dispose.py",
        "portal/services/issue_letter.py",  # a letter that was not signed after all
        "portal/services/listening_copy.py",  # a copy that another run made first
        "portal/services/make_copy.py",  # a copy that a second answer replaces
        "portal/services/print_batch.py",  # a batch that was not recorded after all
        "portal/services/redact.py",  # a rendering whose version was returned or dropped
        "portal/services/sweep.py",  # delivered copies after their last day
    }


def test_rows_are_deleted_from_tables_that_hold_no_case_and_no_recording() -> None:
    deleted = {
        ast.unparse(target)
        for file in (PORTAL / "store").glob("*.py")
        if file.name != "controllers.py"  # the end of a controller's service: every table, by a rule of its own
        for node in ast.walk(parsed(file))
        if isinstance(node, ast.Call)
        for target in _deleted_by(node)
    }
    in_the_case_too = {"act", "decision_item"}  # written anew from the case at each of its moves
    spent = {"draft", "login_session", "pending_login", "arrival", "staff_role", "staff_link", "feedback"}
    spent |= {"passkey", "past_password", "throttle"}
    spent |= {"recorder_name", "supervision"}  # written anew when an administrator changes them
    spent |= {"number_code", "number_proof", "number_sent", "number_text"}
    spent |= {"attachment"}  # files of a request that was never sent
    spent |= {"deletion_wait"}  # deletions that went through in the end
    spent |= {"organisation_logout"}  # messages that can no longer be repeated
    assert deleted == spent | in_the_case_too | {"hold", "statement", "transcript"}


def _deleted_by(call: ast.Call) -> list[ast.expr]:
    if isinstance(call.func, ast.Name) and call.func.id == "delete":
        return [call.args[0]]
    if isinstance(call.func, ast.Attribute) and call.func.attr == "delete":
        return [call.func.value]
    return []


def test_nothing_is_imported_inside_a_function() -> None:
    hidden = {
        f"{name(file)}:{node.lineno}"
        for file in MODULES
        for function in functions(parsed(file))
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
        and name(file) != "portal/demo/run.py"  # `flask demo` sets its environment before it loads the rest
    }
    assert hidden == set()


@pytest.mark.parametrize("file", MODULES, ids=name)
def test_every_module_says_why_it_exists(file: Path) -> None:
    assert ast.get_docstring(parsed(file))


@pytest.mark.parametrize(
    "file", sorted(chain((PORTAL / "domain").rglob("*.py"), (PORTAL / "services").glob("*.py"))), ids=name
)
def test_every_public_function_of_domain_and_services_says_what_it_promises(file: Path) -> None:
    silent = [
        node.name
        for node in parsed(file).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and not ast.get_docstring(node)
    ]
    assert silent == []


def test_no_module_outgrows_its_file() -> None:
    lines = {name(file): len(file.read_text(encoding="utf-8").splitlines()) for file in MODULES}
    assert {file: n for file, n in lines.items() if n > LONGER.get(file, LONGEST_MODULE)} == {}
    assert {file for file in LONGER if lines[file] <= LONGEST_MODULE} == set()


def test_every_function_can_be_read_at_a_glance() -> None:
    long = {
        f"{name(file)}:{node.name}": length
        for file in MODULES
        for node in functions(parsed(file))
        if (length := (node.end_lineno or 0) - node.lineno + 1) > LONGEST_FUNCTION
    }
    assert long == {}


def test_no_folder_or_module_is_a_drawer_for_anything() -> None:
    drawers = {"utils", "util", "helpers", "helper", "common", "manager", "misc"}
    assert not [name(file) for file in MODULES if drawers & {*file.parts, file.stem}]
