"""The Indonesian catalogue, kept with Babel and Django's own template reader instead of the gettext programs.

python bin/messages.py merge     collect the texts of the code, keep known translations, take in locale/parts/*.po
python bin/messages.py check     fail on a text that is untranslated, fuzzy, stale, or translated with other placeholders
python bin/messages.py compile   write the .mo file the programme reads
"""

import argparse
import io
import re
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[1]
CATALOGUE = ROOT / "locale/id/LC_MESSAGES/django.po"
PARTS = ROOT / "locale/parts"
FOLDERS = ["ksb", "facilities", "participants", "referrals", "claims", "budget", "verification", "reports", "templates"]
# django-filter ships no Indonesian; its words stand in our catalogue.
FOREIGN = ["django_filters"]
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
# Without dates, which would differ in every branch.
HEADER = b"""\
msgid ""
msgstr ""
"Language: id\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

"""
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sdr]|\{\w*\}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("action", choices=["merge", "check", "compile"])
    settings.configure(USE_I18N=True)
    return {"merge": merge, "check": check, "compile": compile_catalogue}[parser.parse_args().action]()


def merge() -> int:
    known = read(CATALOGUE) if CATALOGUE.exists() else empty_catalogue()
    translations = {key(message): message.string for message in known if message.id and is_translated(message)}
    for part in sorted(PARTS.glob("*.po")):
        for message in read(part):
            if message.id and is_translated(message):
                translations[key(message)] = message.string
    merged = empty_catalogue()
    for message in collect():
        string = translations.get(key(message), "")
        merged.add(
            message.id,
            first_form(string) if isinstance(message.id, tuple) else string,
            locations=[(file, None) for file, _line in message.locations],
            auto_comments=message.auto_comments,
            context=message.context,
        )
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    with CATALOGUE.open("wb") as file:
        file.write(HEADER)
        write_po(file, merged, sort_output=True, width=0, include_lineno=False, omit_header=True)
    missing = [message for message in merged if message.id and not is_translated(message)]
    print(f"{len(merged)} texts, {len(missing)} without translation")
    for message in missing:
        print(f"  {describe(message)}")
    return 0


def check() -> int:
    if not CATALOGUE.exists():
        print(f"{CATALOGUE.relative_to(ROOT)} is missing: run `make messages`.")
        return 1
    catalogue = {key(message): message for message in read(CATALOGUE) if message.id}
    code = {key(message): message for message in collect() if message.id}
    findings = [
        *(f"not in the catalogue (run `make messages`): {describe(code[at])}" for at in code.keys() - catalogue.keys()),
        *(f"stale (run `make messages`): {describe(catalogue[at])}" for at in catalogue.keys() - code.keys()),
        *(f"{fault}: {describe(m)}" for at, m in catalogue.items() if at in code and (fault := fault_of(m))),
    ]
    for finding in sorted(findings):
        print(finding)
    return 1 if findings else 0


def compile_catalogue() -> int:
    compiled = CATALOGUE.with_suffix(".mo")
    if CATALOGUE.exists() and (not compiled.exists() or compiled.stat().st_mtime < CATALOGUE.stat().st_mtime):
        with compiled.open("wb") as file:
            write_mo(file, read(CATALOGUE))
    return 0


def fault_of(message: Message) -> str | None:
    if message.fuzzy:
        return "fuzzy"
    if not is_translated(message):
        return "untranslated"
    original = message.id[-1] if isinstance(message.id, tuple) else message.id
    translation = message.string[0] if isinstance(message.string, tuple) else message.string
    if set(PLACEHOLDER.findall(original)) != set(PLACEHOLDER.findall(translation)):
        return "other placeholders than the text"
    return None


def collect() -> Catalog:
    """Every translatable text of the code and the templates, by file."""
    catalogue = empty_catalogue()
    for name, file in sources():
        content = file.read_bytes()
        if file.suffix != ".py":
            # Parentheses keep the tokenizer from seeing the blanks of a template as indentation.
            content = f"({templatize(content.decode(), origin=name)}\n)".encode()
        for line, text, comments, context in extract(
            "python", io.BytesIO(content), keywords=KEYWORDS, comment_tags=["Translators:"]
        ):
            catalogue.add(text, locations=[(name, line)], auto_comments=comments, context=context)
    return catalogue


def sources() -> Iterator[tuple[str, Path]]:
    """Name as it appears in the catalogue, and file."""
    for folder in FOLDERS:
        for file in sorted((ROOT / folder).rglob("*")):
            if file.suffix in {".py", ".html", ".txt"} and "migrations" not in file.parts:
                yield str(file.relative_to(ROOT)), file
    for package in FOREIGN:
        folder = Path(find_spec(package).origin).parent
        for file in sorted([*folder.rglob("*.py"), *folder.rglob("*.html")]):
            yield str(file.relative_to(folder.parent)), file


def empty_catalogue() -> Catalog:
    catalogue = Catalog(locale="id", project="KSB", version="1", charset="utf-8", fuzzy=False)
    one_plural_form(catalogue)
    return catalogue


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        catalogue = read_po(file, locale="id")
    one_plural_form(catalogue)
    return catalogue


def one_plural_form(catalogue: Catalog) -> None:
    """Indonesian nouns have one form; Babel would guess two."""
    catalogue._num_plurals, catalogue._plural_expr = 1, "0"


def key(message: Message) -> tuple:
    return message.context, message.id


def first_form(string) -> tuple[str]:
    return string[:1] if isinstance(string, tuple) else (string,)


def is_translated(message: Message) -> bool:
    return bool(first_form(message.string)[0])


def describe(message: Message) -> str:
    text = message.id[0] if isinstance(message.id, tuple) else message.id
    places = ", ".join(sorted({file for file, _line in message.locations})[:3])
    return f"{text!r} ({places})"


if __name__ == "__main__":
    sys.exit(main())
