"""The routers of all rooms, in the order that data walks."""

from anlan.assess.backtest_routes import router as backtest
from anlan.assess.map_routes import router as assess_maps
from anlan.assess.routes import router as assess
from anlan.assess.sea_routes import router as assess_sea
from anlan.city.routes import router as city
from anlan.plan.routes import router as plan
from anlan.respond.routes import router as respond
from anlan.review.routes import router as review
from anlan.sense.alarming.routes import router as alarms
from anlan.sense.city_routes import router as city_sense
from anlan.sense.doors.routes import router as doors
from anlan.sense.indicator_routes import router as indicators
from anlan.sense.routes import router as sense
from anlan.sense.rule_routes import router as rules
from anlan.sense.sensorthings.routes import router as sensorthings
from anlan.supply.routes import router as supply
from anlan.task.routes import router as task
from anlan.warn.routes import router as warn

ROUTERS = (
    city,
    doors,
    alarms,
    indicators,
    rules,
    city_sense,
    sense,
    sensorthings,
    assess,
    assess_maps,
    assess_sea,
    backtest,
    warn,
    supply,
    plan,
    task,
    respond,
    review,
)
