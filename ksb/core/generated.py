"""The parts of ``docs/`` that are written from the code: state diagrams, the data dictionary, and what the apps add.

An app, or the wiring above the apps, adds pages of its own with a module ``<app>.generated`` that has ``documents()``.
"""

import importlib
import inspect
from importlib.util import find_spec

from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils import translation

from ksb.core.workflow import Workflow

NOTE = "Written by `make docs` from the code; a test compares it. Do not edit.\n"


def documents():
    """``{path below docs/: text}`` of every generated document."""
    with translation.override("en"):
        flows = workflows()
        pages = {f"states/{flow.name}.md": _state_page(flow) for flow in flows}
        pages["states/README.md"] = _state_index(flows)
        pages["data-dictionary.md"] = _dictionary()
        for module in _modules("generated", also=settings.ROOT_URLCONF.split(".")[:1]):
            pages |= module.documents()
    return pages


def our_apps():
    """App configurations of the house, by floor as INSTALLED_APPS lists them."""
    return [
        app
        for app in apps.get_app_configs()
        if app.path.startswith(str(settings.BASE_DIR)) and "site-packages" not in app.path
    ]


def workflows():
    """Every Workflow found in a module ``<app>.workflow``, in the order of the apps."""
    return [flow for module in _modules("workflow") for flow in vars(module).values() if isinstance(flow, Workflow)]


def _modules(room, also=()):
    """The modules ``<app>.<room>`` of the apps above this one, and of the packages ``also``, that have such a room."""
    names = [f"{name}.{room}" for name in (*(app.name for app in our_apps() if app.label != "core"), *also)]
    return [importlib.import_module(name) for name in names if find_spec(name)]


def _indonesian(text):
    with translation.override("id"):
        return str(text)


def _state_index(flows):
    lines = ["# States\n", NOTE, "What can happen to each thing, who may do it, and what it is called afterwards.\n"]
    lines += [f"- [{flow.name}]({flow.name}.md): {', '.join(str(s.label) for s in flow.states)}" for flow in flows]
    return "\n".join(lines) + "\n"


def _state_page(flow):
    lines = [f"# States: {flow.name}\n", NOTE, "```mermaid", flow.diagram().rstrip(), "```\n"]
    lines += ["| state | English | Indonesian |", "|---|---|---|"]
    lines += [f"| `{state.value}` | {state.label} | {_indonesian(state.label)} |" for state in flow.states]
    lines += ["", "| step | from | to | who may | notes who and when |", "|---|---|---|---|---|"]
    for t in flow.transitions:
        who = ", ".join(f"`{role}`" for role in t.roles)
        sources = ", ".join(f"`{s}`" for s in t.sources)
        stamp = f"`{t.act}_at`, `{t.act}_by`" if t.act else "journal"
        lines.append(f"| {t.name}: {t.label} | {sources} | `{t.target}` | {who} | {stamp} |")
    return "\n".join(lines) + "\n"


def _dictionary():
    lines = ["# Data dictionary\n", NOTE]
    for app in our_apps():
        owned = [m for m in app.get_models() if not m._meta.auto_created]
        if owned:
            lines.append(f"## {app.label}\n")
        for model in owned:
            lines += _model_section(model)
    return "\n".join(lines).rstrip() + "\n"


def _model_section(model):
    meta = model._meta
    lines = [f"### {meta.object_name}: {meta.verbose_name}\n", f"Table `{meta.db_table}`. {_docstring(model)}\n"]
    lines += ["| column | type | may be empty | meaning |", "|---|---|---|---|"]
    lines += [_field_row(field) for field in meta.concrete_fields]
    sentences = [f"- `{c.name}`" for c in meta.constraints]
    if sentences:
        lines += ["", "The database holds:", "", *sentences]
    return [*lines, ""]


def _docstring(model):
    text = inspect.getdoc(model) or ""
    return "" if text.startswith(f"{model.__name__}(") else " ".join(text.split())


def _field_row(field):
    kind = field.get_internal_type().removesuffix("Field")
    if isinstance(field, models.ForeignKey):
        kind = f"→ {field.related_model._meta.object_name}"
    meaning = ". ".join(str(part) for part in (field.verbose_name, field.help_text) if part)
    return f"| `{field.column}` | {kind} | {'yes' if field.null else ''} | {meaning} |"
