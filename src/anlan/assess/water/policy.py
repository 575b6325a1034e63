"""What policy says of a forecast's water, in the forms that science takes."""

from anlan.assess.forcing import HOUR_S, Hours
from anlan.assess.ground import Ground
from anlan.assess.water.drainage import Drainage
from anlan.assess.water.members import Physics
from anlan.catalog.catalog import Catalog
from anlan.city.terrain import Towns
from anlan.science.arrays import Floats
from anlan.science.flood import ensemble


def _number(catalog: Catalog, name: str) -> float:
    return float(catalog.setting(name))


def physics(catalog: Catalog) -> Physics:
    """Return the numbers of the surface."""
    return Physics(
        *(_number(catalog, f"flood.{name}") for name in ("manning", "film_m", "longest_step_s")),
    )


def uncertain(catalog: Catalog) -> ensemble.Uncertain:
    """Return how uncertain what drives a forecast is."""
    rain, rough = (
        (_number(catalog, f"forecast.{name}_factor.low"), _number(catalog, f"forecast.{name}_factor.high"))
        for name in ("rain", "roughness")
    )
    worst, control, best = (_number(catalog, f"forecast.drain_factor.{name}") for name in ("high", "best", "low"))
    return ensemble.Uncertain(
        rain=rain,
        shift_m=_number(catalog, "forecast.rain_shift_m"),
        roughness=rough,
        drains=(worst, control, best),
        pump_failure=_number(catalog, "forecast.pump_failure"),
    )


def members(catalog: Catalog) -> tuple[ensemble.Member, ...]:
    """Return the members of every forecast."""
    count, seed = (int(catalog.setting(f"forecast.{name}")) for name in ("members", "seed"))
    return ensemble.members(count, uncertain(catalog), seed=seed)


def thresholds_m(catalog: Catalog) -> tuple[float, ...]:
    """Return the depths whose chance of being exceeded is told, rising."""
    return tuple(sorted(float(word) for word in str(catalog.setting("forecast.thresholds_m")).split(",")))


def drainage(catalog: Catalog, towns: Towns, ground: Ground, hours: Hours, outfall_m: Floats) -> Drainage:
    """Return what the towns' drains do in the hours of a forecast, the tide at their outfalls as given."""
    below, pumped, inlet = (
        _number(catalog, f"flood.{name}") for name in ("outfall_below_street_m", "pumped_share", "inlet_mm_h")
    )
    return Drainage(
        towns.drain_mm_h,
        towns.storage_mm,
        inlet_mm_h=inlet,
        pumped=pumped,
        outfall_m=ground.street_m - below,
        street_m=ground.street_m,
        times_s=hours.starts_s + HOUR_S / 2,
        level_m=outfall_m,
    )
