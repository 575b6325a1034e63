"""Lead times: how long each step of the loop took, one value per alarm, warning or activation."""

from collections.abc import Iterator

from anlan.review.record import Entry, Record, Thread, at, hazard_alarms, seconds, touches


def observation_to_alarm(record: Record) -> list[float]:
    """Return from the observation to the alarm that it opened, s, for each alarm."""
    told = (entry["data"].get("latency_s") for entry in hazard_alarms(record))
    return [float(latency) for latency in told if latency is not None]


def alarm_to_draft(record: Record) -> list[float]:
    """Return from the alarm to the draft that it led to, s, for each warning that an alarm led to."""
    pairs = ((alarm_behind(record, thread), thread.first("warning.draft")) for thread in drafted(record))
    return [seconds(alarm, draft) for alarm, draft in pairs if alarm and draft]


def draft_to_issue(record: Record) -> list[float]:
    """Return from draft to issue, s, for each warning that was issued."""
    pairs = ((thread.first("warning.draft"), thread.first("warning.issue")) for thread in drafted(record))
    return [seconds(draft, issue) for draft, issue in pairs if draft and issue]


def activation_to_first_task(record: Record) -> list[float]:
    """Return from activation to the first task that it opened, s."""
    return [seconds(start, tasks[0].entries[0]) for start, tasks in activations(record) if tasks]


def activation_to_first_acceptance(record: Record) -> list[float]:
    """Return from activation until somebody accepted the first of its tasks, s."""
    first = []
    for start, tasks in activations(record):
        accepted = [entry for task in tasks if (entry := task.first("task.accept"))]
        if accepted:
            first.append(seconds(start, min(accepted, key=at)))
    return first


def drafted(record: Record) -> Iterator[Thread]:
    """Yield the stories of warnings of our own."""
    return record.begun("warning.draft")


def proposals(record: Record) -> Iterator[Thread]:
    """Yield the stories of activations that were proposed; a proposal that changed nothing is none."""
    return (run for run in record.begun("plan.propose") if run.subject == run.known("activation"))


def alarm_behind(record: Record, warning: Thread) -> Entry | None:
    """Return the alarm that led to a warning's draft.

    That is the one the journal names, through reactions or the forecast; if somebody drafted of their own accord,
    the last alarm before it in the warning's area.
    """
    draft = warning.first("warning.draft")
    if draft is None:
        return None
    for cause in record.causes(draft):
        if cause["verb"] == "alarm.open":
            return cause
    before = [
        alarm
        for alarm in record.of("alarm.open")
        if alarm["seq"] < draft["seq"] and touches(alarm["area"], draft["area"])
    ]
    return before[-1] if before else None


def activations(record: Record) -> Iterator[tuple[Entry, list[Thread]]]:
    """Yield each activation's entry with the tasks that it opened, in order."""
    tasks = list(record.begun("task.open"))
    for start in record.of("plan.activate"):
        yield start, [task for task in tasks if _opened_by(task.entries[0], start)]


def _opened_by(task: Entry, start: Entry) -> bool:
    source = str(task["args"].get("source", "")).partition("/")[0]
    return bool(source == start["subject"] or task["because"] == start["seq"])
