"""Review by a second person: submitting, returning, approving."""

from typing import Annotated

from pydantic import StringConstraints

from anlan.kernel.actions import Args, Effect, Tx
from anlan.warn import people, record
from anlan.warn.drafting import WarningId

Reason = Annotated[str, StringConstraints(min_length=1, max_length=2000)]


class SubmitWarning(Args):
    """Hand a draft to review; whoever does is one of its authors."""

    warning: WarningId


def submit(tx: Tx, args: SubmitWarning) -> Effect:
    """Move the draft to review."""
    people.require_person(tx)
    row = record.load(tx, args.warning)
    return record.told(tx, record.take(tx, row, "submit", authors=people.authors(tx, row)))


class ReturnWarning(Args):
    """Give a warning back to its authors, with the reason."""

    warning: WarningId
    reason: Reason


def give_back(tx: Tx, args: ReturnWarning) -> Effect:
    """Move the warning back to draft; an approval is void."""
    row = record.load(tx, args.warning)
    return record.told(tx, record.take(tx, row, "return", args.reason, approver=None), reason=args.reason)


class ApproveWarning(Args):
    """Approve a warning that somebody else wrote."""

    warning: WarningId


def approve(tx: Tx, args: ApproveWarning) -> Effect:
    """Move the warning to approved, if the actor is no author and holds the role that the catalog names."""
    row = record.load(tx, args.warning)
    people.require_second_person(tx, row)
    return record.told(tx, record.take(tx, row, "approve", approver=tx.actor.id))
