"""Form ${up_revision} of the store: ${message}."""

import sqlalchemy as sa
from alembic import op
${"\n".join(sorted(imports.splitlines())) if imports else ""}

revision = "${up_revision}"
down_revision = ${repr(down_revision)}


def upgrade() -> None:
    """Go one step forward."""
    ${upgrades if upgrades else "pass"}
