"""Rules that people make on the page: proposed by one, switched on by another, over those of the catalog.

A rule made here has the form of the catalog's and is checked like them. Each change is a version of its own, so that
what was in force when an alarm opened can be said afterwards.
"""

from collections.abc import Mapping
from typing import Annotated, Any

import sqlalchemy as sa
from pydantic import Field, StringConstraints, ValidationError

from anlan.catalog.catalog import Catalog
from anlan.catalog.schema.sensors import SensorRule
from anlan.kernel.actions import Action, AreaCode, Args, Effect, Tx
from anlan.kernel.canonical import JSON, canonical
from anlan.kernel.errors import Conflict, Invalid, NotFound, Place
from anlan.sense.detector_rules import rule_of as detector_rule
from anlan.sense.model import own_rules
from anlan.sense.sensors import change_plan

RuleName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,79}$")]
Reason = Annotated[str, StringConstraints(min_length=1, max_length=500)]
_LONGEST_BODY = 50_000


def rule_of(catalog: Catalog, name: str, body: Mapping[str, Any]) -> SensorRule:
    """Return a rule of a body in the catalog's form.

    Raises
    ------
    Invalid
        ``rule.faulty``, with every faulty place.
    """
    try:
        return SensorRule.model_validate({**_frozen(body), "id": name, "layer": "own"}, context=_context(catalog))
    except ValidationError as error:
        places = [_place(one) for one in error.errors(include_url=False)]
        raise Invalid("rule.faulty", at=places[0].at, params={"count": len(places)}, places=places) from None


def _frozen(value: Any) -> Any:
    """Return lists as tuples, as the catalog's own reader gives them."""
    if isinstance(value, Mapping):
        return {key: _frozen(inner) for key, inner in value.items()}
    return tuple(_frozen(inner) for inner in value) if isinstance(value, list | tuple) else value


def _place(fault: Any) -> Place:
    context = fault.get("ctx") or {}
    steps = [str(step) for step in (*fault["loc"], *context.get("at", ()))]
    rule = f"catalog.{context['rule']}" if fault["type"] == "fault" else fault["msg"]
    told = ", ".join(context.get("advice", ())) if fault["type"] == "fault" else repr(fault["input"])
    return Place(".".join(["args", "rule", *steps]), told[:200], rule)


def _context(catalog: Catalog) -> dict[str, Any]:
    """Return what the rules' own checks look up."""
    shown = ("asset_types", "quantities", "sensor_rules", "units")
    known = {subject: frozenset(getattr(catalog, subject)) for subject in shown}
    entries = {
        "quantities": {name: {"unit": one.unit, "valid": one.valid} for name, one in catalog.quantities.items()},
        "units": {name: {"ucum": one.ucum, "sign": one.sign} for name, one in catalog.units.items()},
        "sensor_rules": {
            name: {"kind": one.kind, "grades": dict(one.grades)} for name, one in catalog.sensor_rules.items()
        },
    }
    return {"known": known, "entries": entries}


def rules_in_force(conn: sa.Connection, catalog: Catalog) -> dict[str, SensorRule]:
    """Return the catalog's rules, with those that people switched on over them."""
    found = dict(catalog.sensor_rules)
    for row in conn.execute(_switched(sa.true())):
        found[row.id] = rule_of(catalog, row.id, row.body)
    return found


def rule_in_force(conn: sa.Connection, catalog: Catalog, name: str) -> SensorRule | None:
    """Return one rule in force, or the detector of this name, if there is one."""
    row = conn.execute(_switched(own_rules.c.id == name)).one_or_none()
    if row is not None:
        return rule_of(catalog, name, row.body)
    detector = catalog.detectors.get(name)
    return catalog.sensor_rules.get(name) if detector is None else detector_rule(detector)


def _switched(where: sa.ColumnElement[bool]) -> sa.Select[Any]:
    """Return the query of the versions that are on; a rule has at most one."""
    return sa.select(own_rules.c.id, own_rules.c.body).where(own_rules.c.state == "on", where)


class ProposeRule(Args):
    """Propose a rule in the form of the catalog's, new or in the place of one of this name."""

    id: RuleName
    area: AreaCode
    rule: dict[str, Any]
    reason: Reason


def propose(tx: Tx, args: ProposeRule) -> Effect:
    """Check it like the catalog's own, and keep it as a version that nobody obeys yet."""
    if len(canonical(args.rule)) > _LONGEST_BODY:
        raise Invalid("rule.long", at="args.rule", params={"most": _LONGEST_BODY})
    rule_of(tx.catalog, args.id, args.rule)
    last = tx.conn.scalar(sa.select(sa.func.max(own_rules.c.version)).where(own_rules.c.id == args.id)) or 0
    row = {
        "id": args.id,
        "version": last + 1,
        "state": "proposed",
        "area": args.area,
        "body": args.rule,
        "reason": args.reason,
        "proposed_by": tx.actor.id,
        "proposed_at": tx.now,
    }
    tx.conn.execute(sa.insert(own_rules).values(row))
    return _effect(args.id, last + 1, args.area, {"rule": args.rule, "reason": args.reason})


class SwitchRule(Args):
    """Act on one version of a rule that people made."""

    id: RuleName
    version: int = Field(ge=1)
    reason: Reason


class SwitchOnRule(SwitchRule):
    """Put a proposed rule into force, in the place of the one before; the proposer cannot do it alone."""


class SwitchOffRule(SwitchRule):
    """Take a rule that people made out of force; a catalog's rule of its name is in force again."""


def switch_on(tx: Tx, args: SwitchOnRule) -> Effect:
    """Switch on; somebody else than the proposer must do it."""
    row = _version(tx, args)
    if row.state != "proposed":
        raise Conflict("rule.not_proposed", at="args.version", value=args.version, params={"state": row.state})
    if row.proposed_by == tx.actor.id:
        raise Conflict("rule.own_proposal", at="args.id", value=args.id)
    before = (own_rules.c.id == args.id, own_rules.c.state == "on")
    tx.conn.execute(sa.update(own_rules).where(*before).values(state="off", switched_by=tx.actor.id))
    return _switch(tx, args, row, "on")


def switch_off(tx: Tx, args: SwitchOffRule) -> Effect:
    """Switch off what is on."""
    row = _version(tx, args)
    if row.state != "on":
        raise Conflict("rule.not_on", at="args.version", value=args.version, params={"state": row.state})
    return _switch(tx, args, row, "off")


def _switch(tx: Tx, args: SwitchRule, row: Any, state: str) -> Effect:
    tx.require(tx.city.root)  # a rule is in force in the whole city: a district proposes, the city decides
    one = (own_rules.c.id == args.id, own_rules.c.version == args.version)
    known = {"state": state, "switched_by": tx.actor.id, "switched_at": tx.now}
    tx.conn.execute(sa.update(own_rules).where(*one).values(known))
    change_plan(tx)
    return _effect(args.id, args.version, row.area, {"state": state, "reason": args.reason})


def _version(tx: Tx, args: SwitchRule) -> Any:
    query = sa.select(own_rules).where(own_rules.c.id == args.id, own_rules.c.version == args.version)
    row = tx.conn.execute(query).one_or_none()
    if row is None:
        raise NotFound("rule.unknown", at="args.id", value=f"{args.id} {args.version}")
    tx.require(row.area)
    return row


def _effect(name: str, version: int, area: str, data: dict[str, JSON]) -> Effect:
    return Effect(f"rule:{name}", area, {"id": name, "version": version} | data)


ACTIONS = {
    "rule.propose": Action("rule.propose", ProposeRule, propose),
    "rule.switch_on": Action("rule.switch_on", SwitchOnRule, switch_on),
    "rule.switch_off": Action("rule.switch_off", SwitchOffRule, switch_off),
}
