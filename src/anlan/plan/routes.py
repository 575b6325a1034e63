"""Plans over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel

from anlan.catalog.schema.plans import Plan
from anlan.kernel.actions import Reader
from anlan.kernel.http import reads
from anlan.plan import queries
from anlan.plan.model import State
from anlan.plan.queries import Activation, Board, Step

router = APIRouter(prefix="/api/v1/plan", tags=["plan"])
PlanReader = Annotated[Reader, Depends(reads("plan"))]
ActivationReader = Annotated[Reader, Depends(reads("activation"))]


class PlanList(BaseModel):
    """Plans with levels, triggers and actions, each with its source."""

    items: list[Plan]


class ActivationList(BaseModel):
    """Activations, the newest first."""

    items: list[Activation]


class ActivationDetail(BaseModel):
    """One activation: its board of actions, and what was decided about it."""

    board: Board
    history: list[Step]


@router.get("/plans")
def list_plans(reader: PlanReader) -> PlanList:
    """Return the plans that concern the reader's areas."""
    return PlanList(items=queries.plans(reader))


@router.get("/activations")
def list_activations(
    reader: ActivationReader,
    plan: str | None = None,
    area: str | None = None,
    state: Annotated[list[State] | None, Query()] = None,
) -> ActivationList:
    """Return activations."""
    return ActivationList(items=queries.find_activations(reader, plan=plan, area=area, states=state))


@router.get("/activations/{activation}")
def get_activation(reader: ActivationReader, activation: str) -> ActivationDetail:
    """Return one activation with its board."""
    board = queries.board(reader, activation)
    return ActivationDetail(board=board, history=queries.activation_history(reader, activation))
