"""Single values of policy, by name."""

from anlan.catalog.schema.base import Entry, Sourced

SettingValue = bool | int | float | str


class Setting(Entry, Sourced):
    """One value with its unit (UCUM; ``1`` for counts)."""

    value: SettingValue
    unit: str
