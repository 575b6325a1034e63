"""``anlan``: one command for every face.

Each command imports what it needs when it runs, so that ``anlan --help`` answers at once.
"""

import sys

import typer

from anlan.catalog.texts import text
from anlan.cli import acts, benches, checks, flooding, replays, sensing, serving
from anlan.cli.output import language
from anlan.kernel.errors import AnlanError

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
app.command("demo")(serving.demo)
app.command("init")(serving.init)
app.command("serve")(serving.serve)
app.command("openapi")(serving.openapi)
app.command("verbs")(acts.verbs)
app.command("act")(acts.act)
app.command("replay")(replays.replay)
app.command("bench")(benches.bench)
app.add_typer(checks.catalog, name="catalog")
app.add_typer(checks.city, name="city")
app.add_typer(checks.journal, name="journal")
app.add_typer(flooding.flood, name="flood")
app.add_typer(sensing.sense, name="sense")


@app.callback()
def about() -> None:
    """Run Anlan, the open safety brain of a city."""


def main() -> None:
    """Run the command line; an error raised on purpose is one line, not a traceback."""
    try:
        app()
    except AnlanError as error:
        typer.echo(error.message(language()), err=True)
        for place in error.places:
            rule = text(place.rule, language(), value=place.value)
            typer.echo(f"  {place.at}: {place.value} — {rule}", err=True)
        sys.exit(1)
