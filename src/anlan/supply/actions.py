"""The verbs of supply."""

from anlan.kernel.actions import Action
from anlan.supply.allocating import ConfirmAllocation, ProposeAllocation, confirm_allocation, propose_allocation
from anlan.supply.needs import EstimateNeed, estimate_need
from anlan.supply.shelters import AdmitPeople, CloseShelter, OpenShelter, admit_people, close_shelter, open_shelter
from anlan.supply.stock import (
    ConsumeStock,
    MoveStock,
    OpenStock,
    ReceiveStock,
    consume_stock,
    move_stock,
    open_stock,
    receive_stock,
)

_DELIVERY = frozenset({"stock.move", "task.open"})

ACTIONS: dict[str, Action] = {
    "stock.open": Action("stock.open", OpenStock, open_stock),
    "stock.receive": Action("stock.receive", ReceiveStock, receive_stock),
    "stock.move": Action("stock.move", MoveStock, move_stock),
    "stock.consume": Action("stock.consume", ConsumeStock, consume_stock),
    "shelter.open": Action("shelter.open", OpenShelter, open_shelter),
    "shelter.admit": Action("shelter.admit", AdmitPeople, admit_people),
    "shelter.close": Action("shelter.close", CloseShelter, close_shelter),
    "need.estimate": Action("need.estimate", EstimateNeed, estimate_need),
    "allocation.propose": Action("allocation.propose", ProposeAllocation, propose_allocation),
    "allocation.confirm": Action("allocation.confirm", ConfirmAllocation, confirm_allocation, uses=_DELIVERY),
}
