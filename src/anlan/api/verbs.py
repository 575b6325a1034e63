"""``POST /api/v1/actions/{verb}``: every verb with its own schema, all through the one gate."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Body, Header, Query
from pydantic import AwareDatetime, BaseModel

from anlan.kernel.actions import Action, Args, Outcome
from anlan.kernel.errors import NotFound
from anlan.kernel.http import ActorDep, WorldDep


class ProblemPlace(BaseModel):
    """One faulty place of a request."""

    at: str
    value: Any = None
    rule: str


class Problem(BaseModel):
    """RFC 9457 problem details."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    instance: str
    errors: list[ProblemPlace]


class ActOutcome(BaseModel):
    """What an act did."""

    verb: str
    seq: int
    subject: str
    area: str
    at: AwareDatetime
    data: dict[str, Any]
    dry_run: bool
    repeated: bool
    secret: dict[str, Any]

    @classmethod
    def of(cls, outcome: Outcome) -> "ActOutcome":
        """Shape an outcome for the answer."""
        return cls.model_validate(outcome, from_attributes=True)


class VerbInfo(BaseModel):
    """One verb: what it does, and the JSON schema of its arguments."""

    verb: str
    summary: str
    arguments: dict[str, Any]


class VerbList(BaseModel):
    """All verbs."""

    items: list[VerbInfo]


KeyHeader = Annotated[str | None, Header(alias="Idempotency-Key", max_length=200)]
WhyHeader = Annotated[str, Query(alias="why", max_length=500)]


def router_for(actions: Mapping[str, Action]) -> APIRouter:
    """Return a router with one route for each verb, and one that answers for all others."""
    router = APIRouter(prefix="/api/v1/actions", tags=["actions"])

    @router.get("")
    def list_verbs() -> VerbList:
        """List all verbs with the schemas of their arguments."""
        return VerbList(items=[info(action) for action in sorted(actions.values(), key=lambda a: a.verb)])

    for action in actions.values():
        router.add_api_route(
            f"/{action.verb}",
            _endpoint(action),
            methods=["POST"],
            response_model=ActOutcome,
            summary=action.summary,
            description=action.args.__doc__,
            operation_id=action.verb.replace(".", "_"),
        )

    @router.post("/{verb}", include_in_schema=False)
    def unknown(verb: str, world: WorldDep) -> None:
        """Say which verbs look like this one."""
        world.gate.find(verb)
        raise NotFound("verb.unknown", at="verb", value=verb, params={"near": ""})

    return router


def info(action: Action) -> VerbInfo:
    """Describe a verb."""
    return VerbInfo(verb=action.verb, summary=action.summary, arguments=action.args.model_json_schema())


def _endpoint(action: Action) -> Callable[..., ActOutcome]:
    def endpoint(
        world: WorldDep,
        actor: ActorDep,
        args: Args,
        key: KeyHeader = None,
        dry_run: bool = False,
        why: WhyHeader = "",
    ) -> ActOutcome:
        outcome = world.gate.act(actor, action.verb, args, key=key, dry_run=dry_run, why=why)
        return ActOutcome.of(outcome)

    endpoint.__annotations__["args"] = Annotated[action.args, Body()]
    return endpoint
