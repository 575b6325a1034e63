"""The page of scientific models: their cards."""

import math

from anlan.science.cards import ModelCard, Quantity
from anlan.science.models import MODELS
from pages.markdown import code, facts, page, section, table


def write() -> str:
    """Return the page."""
    return page(
        "Models 模型",
        "每个模型的卡片：输入、输出、适用范围、局限、成熟度和出处。成熟度与结果一同显示。",
        "The card of every model: inputs, outputs, range, limits, maturity and source. The maturity is shown beside "
        "every result. `screening`: right in kind and order of magnitude. `calibrated`: fitted to observations of the "
        "place. `verified`: reproduces published numbers of its own method within a stated tolerance.",
        *(_card(card) for card in MODELS.values()),
    )


def _card(card: ModelCard) -> str:
    numbers = [("in", q) for q in card.inputs] + [("out", q) for q in card.outputs]
    return section(
        f"`{card.id}`",
        f"{card.title}.",
        facts({"maturity": f"**{card.maturity}**", "source": card.source, "checked against": card.verified_by}),
        f"Limits: {card.limits}",
        table(("", "quantity", "unit", "range"), ((way, code(q.name), q.unit, _range(q)) for way, q in numbers)),
    )


def _range(quantity: Quantity) -> str:
    least = "" if math.isinf(quantity.least) else f"{quantity.least:g}"
    most = "" if math.isinf(quantity.most) else f"{quantity.most:g}"
    return f"{least} … {most}" if least or most else "any"
