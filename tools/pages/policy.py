"""The pages of policy: what the catalog that ships with Anlan says, with sources."""

from collections.abc import Iterator
from typing import Any

from anlan.catalog.catalog import Catalog
from anlan.catalog.schema.base import GRADES, Sourced
from anlan.catalog.schema.plans import PLAN_LEVELS, Plan
from anlan.catalog.schema.reactions import Reaction
from anlan.catalog.schema.sensors import SensorRule
from pages.markdown import block, code, codes, facts, page, section, table

CONFIDENCE = (
    "Confidence 可信度: V text of the norm read 已核原文 · S secondary source 二手来源 · "
    "G general knowledge 常识待核 · P proposal of this project 本项目建议."
)
LAYERS = "Layer 层: `cn` ← `shanghai` ← `songjiang`; the later one speaks last 后者覆盖前者."


def settings(catalog: Catalog) -> str:
    """Return the page of settings."""
    rows = (
        (code(s.id), f"`{s.value}`", s.unit, s.zh, s.en, s.source, s.confidence, s.layer)
        for _, s in sorted(catalog.settings.items())
    )
    return page(
        "Settings 设置",
        "单个的政策取值，写在目录的 `settings` 下，可以在下层目录中覆盖。",
        "Single values of policy. They stand under `settings` in the catalog, and a later layer may change them.",
        CONFIDENCE,
        table(("setting", "value", "unit", "中文", "English", "source", "confidence", "layer"), rows),
    )


def roles(catalog: Catalog) -> str:
    """Return the page of roles."""
    rows = (
        (code(r.id), r.zh, r.en, r.level or "any", codes(r.verbs) or "none", codes(r.reads) or "none", r.note)
        for r in catalog.roles.values()
    )
    return page(
        "Roles 角色",
        "角色在授予的辖区内可以执行的动作和可以查看的内容。`*` 表示全部。",
        "What a role may do and read, within the area for which it was granted. `*` is all.",
        table(("role", "中文", "English", "level", "verbs", "reads", "note"), rows),
    )


def sensor_rules(catalog: Catalog) -> str:
    """Return the page of sensor rules."""
    return page(
        "Sensor rules 报警规则",
        "读数何时成为报警。某等级的值保持 `hold` 秒后报警；最低等级回到 `clear` 并保持后解除。",
        "When a reading is an alarm. A grade opens once its value is met for `hold`; it clears once the reading is "
        "back beyond `clear`, for the mildest grade, or the same distance from a graver one, for long enough. These "
        "are internal alarms, not official warning signals.",
        CONFIDENCE,
        LAYERS,
        *(_rule(rule) for rule in catalog.sensor_rules.values()),
    )


def _rule(rule: SensorRule) -> str:
    told = {
        "quantity": f"{code(rule.quantity)} {rule.op} value, in {rule.unit}",
        "asset types": codes(rule.asset_types),
        "stations": codes(rule.stations),
        "hold": f"{rule.hold_s:g} s",
        "clear": f"{rule.clear:g} {rule.unit} for {rule.clear_hold_s:g} s",
        "longest silence": f"{rule.max_gap_s:g} s",
        "note": rule.note,
        "layer": rule.layer,
    }
    grades = ((g, f"{rule.grades[g].value:g}", *_source(rule.grades[g])) for g in GRADES if g in rule.grades)
    title = f"{rule.zh} {rule.en} `{rule.id}`"
    return section(title, facts(told), table(("grade", "value", "source", "confidence", "from"), grades))


def _source(entry: Sourced) -> tuple[str, str, str]:
    return entry.source, entry.confidence, str(entry.from_ or "")


def reactions(catalog: Catalog) -> str:
    """Return the page of reactions."""
    return page(
        "Reactions 联动",
        "日志中出现某个动作且条件成立时，自动执行另一个动作。条件和参数用 CEL 书写。",
        "On an entry of the journal where a condition holds, do a verb. Conditions and arguments are CEL over `entry`, "
        "`now` and, inside `for_each`, `item`. They run after commit, at least once, in the role `automaton`.",
        *(_reaction(reaction) for reaction in catalog.reactions.values()),
    )


def _reaction(reaction: Reaction) -> str:
    lines = [f"on: {reaction.on}", *_line("where", reaction.where), *_line("for_each", reaction.for_each)]
    lines += [f"do: {reaction.do}", *(f"  {name}: {value}" for name, value in reaction.with_.items())]
    return section(
        f"`{reaction.id}`", f"{reaction.zh}. {reaction.en}. Layer `{reaction.layer}`.", block("\n".join(lines))
    )


def _line(name: str, value: str | None) -> Iterator[str]:
    if value:
        yield f"{name}: {value}"


def event_types(catalog: Catalog) -> str:
    """Return the page of event types."""
    rows = (
        (code(e.id), e.tier, e.zh, e.en, e.parent, ", ".join(e.uses), e.confidence)
        for e in catalog.event_types.values()
    )
    return page(
        "Event types 事件类型",
        "国家五位编码的事件与预警类型。",
        "Types of events and warnings by the national five-character code.",
        CONFIDENCE,
        table(("code", "tier", "中文", "English", "parent", "uses", "confidence"), rows),
    )


def plans(catalog: Catalog) -> str:
    """Return the page of plans."""
    return page(
        "Plans 预案",
        "可执行的预案：各级的触发条件，以及每项行动由谁、何时、在什么之后完成。",
        "Plans as executable structure: the trigger of each level, and who does each action, by when, after what.",
        CONFIDENCE,
        *(_plan(plan) for plan in catalog.plans.values()),
    )


def _plan(plan: Plan) -> str:
    levels = (
        (n, plan.levels[n].grade, code(plan.levels[n].trigger), *_source(plan.levels[n])[:2])
        for n in PLAN_LEVELS
        if n in plan.levels
    )
    actions = (_action(name, plan.actions[name]) for name in plan.actions)
    return section(
        f"{plan.zh} {plan.en} `{plan.id}`",
        facts({"area": code(plan.area), "hazard": plan.hazard, "parent": code(plan.parent), "source": plan.source}),
        table(("level", "grade", "trigger", "source", "confidence"), levels),
        table(("action", "中文", "English", "from", "desk", "min", "after", "evidence"), actions),
    )


def _action(name: str, action: Any) -> tuple[Any, ...]:
    desk = f"`{action.role}` ({action.level})"
    return (
        code(name),
        action.zh,
        action.en,
        action.from_level,
        desk,
        action.minutes,
        codes(action.depends),
        action.evidence,
    )
