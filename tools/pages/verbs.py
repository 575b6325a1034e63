"""The page of verbs: what each does, who may, and its arguments."""

from collections.abc import Mapping
from fnmatch import fnmatchcase
from itertools import groupby

from anlan.catalog.catalog import Catalog
from anlan.catalog.schema.access import Role
from anlan.kernel.actions import Action
from anlan.root import all_actions
from pages import schema
from pages.markdown import codes, facts, page, section, table


def write(catalog: Catalog) -> str:
    """Return the page."""
    actions = [action for _, action in sorted(all_actions().items())]
    listing = table(
        ("verb", "does", "roles"),
        (
            (f"[`{a.verb}`](#{_anchor(a.verb)})", a.summary, codes(_roles(a.verb, catalog.roles)) or "system only")
            for a in actions
        ),
    )
    families = groupby(actions, key=lambda action: action.verb.split(".")[0])
    return page(
        "Verbs 动作",
        "所有改变状态的动作。每个动作都可以在命令行（`anlan act`）、HTTP（`POST /api/v1/actions/{verb}`）和页面上执行，"
        "走同一道门：授权、校验、一个事务、一条日志。",
        "Every change of state. Each verb can be run from the command line (`anlan act`), over HTTP "
        "(`POST /api/v1/actions/{verb}`) and from the page, through the same gate: authorise, validate, one "
        "transaction, one journal entry. The roles are those of the catalog that ships with Anlan.",
        listing,
        *(section(name, *(_verb(a, catalog.roles) for a in group)) for name, group in families),
    )


def _verb(action: Action, roles: Mapping[str, Role]) -> str:
    told = " ".join((action.args.__doc__ or "").split())
    listed = facts({"roles": codes(_roles(action.verb, roles)), "may use": codes(sorted(action.uses))})
    arguments = schema.arguments(action.args.model_json_schema())
    return section(f"{action.verb} {{ #{_anchor(action.verb)} }}", told, listed, arguments, level=3)


def _anchor(verb: str) -> str:
    return verb.replace(".", "-")


def _roles(verb: str, roles: Mapping[str, Role]) -> list[str]:
    return [role.id for role in roles.values() if any(fnmatchcase(verb, pattern) for pattern in role.verbs)]
