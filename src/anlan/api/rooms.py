"""The routers of all rooms, in the order that data walks."""

from anlan.assess.routes import router as assess
from anlan.city.routes import router as city
from anlan.plan.routes import router as plan
from anlan.respond.routes import router as respond
from anlan.review.routes import router as review
from anlan.sense.routes import router as sense
from anlan.supply.routes import router as supply
from anlan.task.routes import router as task
from anlan.warn.routes import router as warn

ROUTERS = (city, sense, assess, warn, supply, plan, task, respond, review)
