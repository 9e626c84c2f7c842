"""Rules of the house that no linter knows."""

import ast
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver

CHECKOUT = Path(__file__).resolve().parents[2]
HOUSE = CHECKOUT / "citeslab"
PYPROJECT = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())


def floors() -> dict[str, int]:
    """Each room's height, read from the contract; neighbours share one."""
    contracts = {contract["id"]: contract for contract in PYPROJECT["tool"]["importlinter"]["contracts"]}
    layers = contracts["floors"]["layers"]
    return {room: len(layers) - height for height, layer in enumerate(layers) for room in re.findall(r"[a-z]+", layer)}


FLOOR = floors()
ROOMS = [path.parent.name for path in HOUSE.glob("*/apps.py")]


def our_models():
    return [model for model in apps.get_models() if model.__module__.startswith("citeslab.")]


def tracked(*patterns: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *patterns],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return [CHECKOUT / line for line in listed.splitlines() if (CHECKOUT / line).is_file()]


def test_every_room_stands_on_a_floor():
    assert set(ROOMS) - set(FLOOR) == set()


def test_foreign_keys_go_downstairs():
    upstairs = []
    for model in our_models():
        here = model._meta.app_label
        for field in model._meta.get_fields():
            if field.auto_created or not field.is_relation or not field.related_model:
                continue
            there = field.related_model._meta.app_label
            if there in FLOOR and there != here and FLOOR[there] >= FLOOR[here]:
                upstairs.append(f"{model.__name__}.{field.name} -> {there}")
    assert upstairs == []


def test_templates_stand_on_templates_of_their_room_or_downstairs():
    """An address of another room may be named; what it draws may not be put in, upstairs or next door."""
    upstairs = []
    for path in tracked("citeslab/*.html"):
        here = path.relative_to(HOUSE).parts[0]
        for name in re.findall(r"""{%\s*(?:include|extends)\s+["']([^"'#]+)""", path.read_text()):
            there = name.partition("/")[0]
            if there != here and FLOOR[there] >= FLOOR[here]:
                upstairs.append(f"{path.relative_to(HOUSE)} -> {name}")
    assert upstairs == []


def test_every_model_names_its_personal_fields():
    silent = [model.__name__ for model in our_models() if not isinstance(getattr(model, "PERSONAL", None), tuple)]
    unknown = [
        f"{model.__name__}.{name}"
        for model in our_models()
        for name in getattr(model, "PERSONAL", ())
        if name not in {field.name for field in model._meta.get_fields()}
    ]
    assert (silent, unknown) == ([], [])


# Each page open to who is not signed in, with the reason. A line here that fits no address fails the test.
OPEN = {
    "accounts:sign_in": "the way in",
    "accounts:second_step": "the second half of the way in: shown to who gave a right password",
    "accounts:identity": "the way to the identity provider",
    "accounts:identity_return": "the way back from it",
    "accounts:forgotten_password": "who forgot her password is not signed in",
    "accounts:new_password": "by the secret link of a message",
    "account_login": "the name by which the sign-in library knows the way in",
    "mfa_authenticate": "the same, for the second half",
    "accounts:sign_out": "leaving needs no right",
    "network:invitation": "by the secret link of a message: who opens her account has none yet",
    "agenda:feed": "calendar programs keep no cookie; the address is a secret that its advisor can revoke",
    "agenda:hers": "a person cancels or asks to move by the secret link of her message, until the appointment is over",
    "demo:sign_in": "one-click accounts of the demonstration; 404 in production",
    "referrals:answer": "a partner answers by a secret link bound to one referral",
    "rights:door": "a person reads her own file with a code; attempts are counted",
    "rights:asking": "a code by message; the same answer whoever asks",
    "rights:information": "what is kept, why and how long: for everyone",
    "rights:file": "her own file, while her space is open; otherwise its door",
    "rights:my_consent": "likewise",
    "rights:my_request": "likewise",
    "rights:my_news": "likewise",
    "rights:download": "likewise",
    "rights:leaving": "leaving needs no right",
    "figures:public": "the last published year, for everyone",
    "figures:published": "a published year",
    "figures:published_file": "its files, open data",
    "figures:published_definitions": "what published figures mean",
    "workshops:agenda": "what is announced, for everyone",
    "workshops:agenda_feed": "the same, for a calendar program",
    "workshops:public_entry": "one of them, for one's own calendar",
    "workshops:block": "the same, in a frame of a town's own site",
    "workshops:embedding": "the lines that its webmaster copies",
    "workshops:public": "an action of the public agenda, for who registers without an account",
    "workshops:invited": "an action on invitation, by the secret address that its advisor gives",
    "workshops:door": "a partner registers people by the secret address of one action; it sees no name",
    "workshops:hers": "one's own registration, by the secret address of a message or a paper",
    "workshops:entry": "the same registration, for one's own calendar",
    "workshops:check": "a funder checks an attendance sheet; nothing is kept of it, and no name is shown",
    "workshops:scan": "who is in the room signs by the code that it shows; nothing of anybody is shown back",
    "workshops:opinion": "three faces without a name, by the same code",
    "website:finding": "a resident looks for her advisor",
    "website:here": "the same, by an address or a point, kept nowhere; nothing is written",
    "website:site": "who works at a site, where and when",
    "website:booking": "a resident books a free time, counted by origin; she reads nothing of others",
    "website:message": "a resident asks to be called, counted by origin; nothing is shown back",
    "website:contact": "the same, to the site of her commune",
    "website:received": "that it has arrived: the same for everyone",
    "website:received_by": "likewise",
    "desk:home": "who is not signed in is led to the public home, and shown nothing here",
    "website:home": "what CitésLab is, for who never heard of it",
    "website:discover": "a page of words",
    "website:pathway": "likewise",
    "website:questions": "likewise",
    "website:easy": "likewise, in short sentences",
    "website:legal": "owed by law",
    "website:accessibility": "owed by law",
    "website:privacy": "owed by law",
    "website:plan": "every public page",
    "website:stories": "stories that their people agreed to have told",
    "website:story": "one of them; gone as soon as it is taken back",
    "website:story_picture": "its picture, likewise",
    "website:press": "published figures and releases",
    "website:press_text": "the same in plain text",
    "website:announcement": "a release",
    "website:stories_feed": "feed readers keep no cookie",
    "website:announcements_feed": "likewise",
    "website:workshops_feed": "likewise",
    "website:sitemap": "for search engines",
    "website:robots": "likewise",
    "website:favicon": "the drawing of the network, where browsers look for it",
    "set_language": "the language of the sign-in page can be changed",
}


def addresses(resolver=None, namespace=""):
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from addresses(entry, f"{namespace}{entry.namespace}:" if entry.namespace else namespace)
        elif isinstance(entry, URLPattern):
            yield f"{namespace}{entry.name}", entry


def test_every_page_is_named():
    assert [str(entry.pattern) for name, entry in addresses() if name.endswith("None")] == []


def test_every_page_needs_a_login_unless_listed_with_a_reason():
    open_pages = {name for name, entry in addresses() if getattr(entry.callback, "login_required", True) is False}
    named = {name for name, _ in addresses()}
    exempt = open_pages | {"set_language"}
    assert exempt - set(OPEN) == set()
    assert set(OPEN) - named == set(), "stale lines"


@pytest.mark.django_db
def test_who_is_not_signed_in_gets_no_page(client):
    """Walks each address, as a stranger would, with made-up identifiers."""
    reached = []
    for name, entry in addresses():
        if name in OPEN:
            continue
        path = "/" + re.sub(r"<(?:\w+:)?\w+>", "1", full_path(name, entry))
        for method in (client.get, client.post):
            response = method(path)
            if response.status_code not in {302, 403, 404, 405} or (
                response.status_code == 302 and "/connexion/" not in response["Location"]
            ):
                reached.append((name, method.__name__, response.status_code))
    assert reached == []


@pytest.mark.django_db
def test_a_page_that_hides_its_origin_takes_no_form_of_the_usual_check(client):
    """After "no-referrer" a browser sends a form from the origin "null", which the usual check refuses as forged."""
    refused = []
    for name in OPEN:
        entry = next(entry for found, entry in addresses() if found == name)
        path = "/" + re.sub(r"<(?:\w+:)?\w+>", "1", full_path(name, entry))
        page = client.get(path)
        hides = "no-referrer" in page.headers.get("Referrer-Policy", "") + page.content.decode(errors="replace")
        takes_forms = client.post(path).status_code != 405
        if hides and takes_forms and not getattr(entry.callback, "csrf_exempt", False):
            refused.append(name)
    assert refused == []


def full_path(name, wanted, resolver=None, prefix="") -> str:
    for entry in (resolver or get_resolver()).url_patterns:
        here = prefix + str(entry.pattern)
        if entry is wanted:
            return here
        if isinstance(entry, URLResolver) and (found := full_path(name, wanted, entry, here)):
            return found
    return ""


def strings_of(path: Path):
    """Python strings that are not docstrings, with their line."""
    tree = ast.parse(path.read_text())
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
        and isinstance(node.body[0].value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.lineno, node.value


ACCENT = re.compile(r"[à-öø-ÿÀ-ÖØ-ßœŒ]")
# Foreign vocabularies stop at the border: an outside file's own words live in its reader, and text is folded
# of its accents in core. The demonstration is data.
BORDERS = ("readers.py", "citeslab/core/values.py", "citeslab/demo/", "citeslab/intake/values.py")


BRAND = "CitésLab"  # a proper name, the same in each language


def test_no_french_hides_in_the_code():
    hidden = []
    for path in tracked("citeslab/*.py", "config/*.py", "hatch_build.py"):
        name = str(path.relative_to(CHECKOUT))
        if any(border in name for border in BORDERS) or "/readers/" in name:
            continue
        strings = [(line, text.replace(BRAND, "")) for line, text in strings_of(path)]
        hidden += [f"{name}:{line} {text[:40]}" for line, text in strings if ACCENT.search(text)]
    for path in tracked("citeslab/*.html"):
        text = re.sub(r"{#.*?#}|{% comment.*?endcomment %}", "", path.read_text().replace(BRAND, ""), flags=re.S)
        hidden += [f"{path.relative_to(CHECKOUT)} {found.group()}" for found in ACCENT.finditer(text)]
    assert hidden == []


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_catalogue_is_complete(language):
    with (CHECKOUT / "locale" / language / "LC_MESSAGES" / "django.po").open("rb") as lines:
        catalogue = read_po(lines, locale=language)
    messages = [message for message in catalogue if message.id]
    missing = [
        message.id
        for message in messages
        if not all(message.string if isinstance(message.string, tuple | list) else [message.string])
    ]
    assert missing == []
    assert [message.id for message in messages if message.fuzzy] == []
    assert len(messages) > 100


# A sign without the space that French asks for; an address, an hour and an HTML entity hold signs of another kind.
THIN, WHOLE = "\N{NARROW NO-BREAK SPACE}", "\N{NO-BREAK SPACE}"
ILL_SET = re.compile(
    rf"(?<![{THIN}?!])[?!]|(?<!{THIN});|(?<!{WHOLE}):|«(?!{WHOLE})|(?<!{WHOLE})»|(?<=\w)'(?=\w)|\.\.\.",
)
OTHER_SIGNS = re.compile(r"&\w+;|https?://\S+|\d:\d\d|<[^>]*>|%\(\w+\)[sd]")


def test_french_signs_have_their_spaces():
    with (CHECKOUT / "locale/fr/LC_MESSAGES/django.po").open("rb") as lines:
        catalogue = read_po(lines, locale="fr")
    ill_set = []
    for message in catalogue:
        for text in message.string if isinstance(message.string, tuple | list) else [message.string]:
            if message.id and ILL_SET.search(OTHER_SIGNS.sub("x", text)):
                ill_set.append(text)
    assert ill_set == []


def test_no_placeholder_is_lost_in_translation():
    placeholder = re.compile(r"%\(\w+\)[sd]|%[sd]|{\w*}")
    with (CHECKOUT / "locale/fr/LC_MESSAGES/django.po").open("rb") as lines:
        catalogue = read_po(lines, locale="fr")
    lost = []
    for message in catalogue:
        ids = message.id if isinstance(message.id, tuple | list) else [message.id]
        strings = message.string if isinstance(message.string, tuple | list) else [message.string]
        if message.id and set(placeholder.findall(ids[-1])) != set(placeholder.findall(strings[-1])):
            lost.append(ids[0])
    assert lost == []


def test_migrations_are_told_and_stand_alone():
    for path in tracked("citeslab/*/migrations/*.py"):
        assert "_auto_" not in path.name
        imports = re.findall(r"^(?:from|import) citeslab\b.*", path.read_text(), flags=re.M)
        assert imports == [], path


def test_no_library_is_copied_into_git():
    copied = [path for path in tracked() if path.name.endswith((".min.js", ".min.css", ".woff", ".woff2", ".ttf"))]
    assert copied == []
    assert [path for path in tracked() if {"dist", "node_modules"} & set(path.parts)] == []


ADDRESS = re.compile(r"https?://[\w.-]+")


def test_locks_hold_hashes_and_no_address():
    for path in (CHECKOUT / "requirements").glob("*.lock"):
        text = path.read_text()
        assert ADDRESS.findall(text) == [], path
        packages = re.findall(r"^[a-z][\w.-]*==", text, flags=re.M)
        assert packages
        assert text.count("--hash=sha256:") >= len(packages)


def test_a_browser_waits_for_what_it_expects():
    """A click returns before its page is drawn: `expect` waits, a plain question reads the page that is going."""
    asked = re.compile(r"^\s*assert (?:not )?\S.*\.(?:is_visible|is_checked|inner_text|input_value)\(\)", re.M)
    found = {str(path): asked.findall(path.read_text()) for path in tracked("tests/browser/*.py")}
    assert not any(found.values()), {path: lines for path, lines in found.items() if lines}


def test_every_dependency_has_its_reason():
    text = (CHECKOUT / "pyproject.toml").read_text()
    blocks = re.findall(r"^(?:dependencies|build|test|check|bench) = \[\n(.*?)^\]", text, flags=re.M | re.S)
    unexplained = [
        line
        for block in blocks
        for line in block.splitlines()
        if line.strip() and "  # " not in line and ", # " not in line and ",# " not in line and " # " not in line
    ]
    assert len(blocks) == 5
    assert unexplained == []


def test_every_constraint_is_told_in_the_docs():
    told = "\n".join(path.read_text() for path in (CHECKOUT / "docs" / "domain").glob("*.md"))
    untold = [
        constraint.name
        for model in our_models()
        for constraint in model._meta.constraints
        if f"`{constraint.name}`" not in told
    ]
    assert untold == []


def test_the_architecture_page_names_each_room_and_floor():
    page = (CHECKOUT / "ARCHITECTURE.md").read_text()
    assert [room for room in ROOMS if f"`{room}`" not in page] == []


@pytest.mark.parametrize(("lock", "groups"), [("run", ["build"]), ("dev", ["build", "test", "check", "bench"])])
def test_every_dependency_is_locked(lock, groups):
    """A library that one machine happens to have is missing on the next."""
    project = PYPROJECT["project"]
    wanted = [*project["dependencies"], *(one for group in groups for one in project["optional-dependencies"][group])]
    names = {re.match(r"[\w.-]+", one).group().lower() for one in wanted}
    locked = set(re.findall(r"^([a-z][\w.-]*)==", (CHECKOUT / "requirements" / f"{lock}.lock").read_text(), flags=re.M))
    assert names - locked == set()
