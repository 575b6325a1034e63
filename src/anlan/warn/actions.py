"""The verbs of warn."""

from anlan.kernel.actions import Action
from anlan.warn import drafting, issuing, relay, review

ACTIONS: dict[str, Action] = {
    "warning.draft": Action("warning.draft", drafting.DraftWarning, drafting.draft),
    "warning.edit": Action("warning.edit", drafting.EditWarning, drafting.edit),
    "warning.update": Action("warning.update", drafting.UpdateWarning, drafting.update),
    "warning.submit": Action("warning.submit", review.SubmitWarning, review.submit),
    "warning.return": Action("warning.return", review.ReturnWarning, review.give_back),
    "warning.approve": Action("warning.approve", review.ApproveWarning, review.approve),
    "warning.issue": Action("warning.issue", issuing.IssueWarning, issuing.issue),
    "warning.cancel": Action("warning.cancel", issuing.CancelWarning, issuing.cancel),
    "warning.expire": Action("warning.expire", issuing.ExpireWarning, issuing.expire),
    "warning.relay": Action("warning.relay", relay.RelaySignal, relay.relay),
}
