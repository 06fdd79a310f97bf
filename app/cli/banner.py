"""The message at the end of a start: addresses, and three requests to try."""

from rich.console import Console
from rich.table import Table

from app.cli.language import t

# Dam square, Amsterdam.
_DAM = "4.8932,52.3731"


def example_requests(address: str, key: str) -> tuple[str, str, str]:
    """Three curl lines: sensors near a place, sensors of a municipality, and registering one."""
    items = f"{address}/v1/collections/sensors/items"
    return (
        f"curl '{items}?near={_DAM}&radius=500&limit=1'",
        f"curl '{items}?municipality=Utrecht&limit=1'",
        (
            f"curl -H 'Authorization: Bearer {key}' -H 'Content-Type: application/json' "
            f"-d @seed/example-sensor.json '{address}/v1/sensors'"
        ),
    )


def print_banner(console: Console, address: str, key: str | None) -> None:
    """Print the addresses and, with a demo key, three requests to try."""
    places = Table.grid(padding=(0, 2))
    places.add_row("Site", f"{address}/")
    places.add_row("API", f"{address}/v1")
    places.add_row(t("Documentatie", "Documentation"), f"{address}/v1/docs")
    if key:
        places.add_row(t("API-sleutel van de demo", "Demo API key"), key)
    console.print(
        t("\nHet register is open. Ctrl-C sluit het.\n", "\nThe register is open. Ctrl-C closes it.\n"),
        style="bold green",
    )
    console.print(places)
    if key:
        console.print(
            t(
                "\nDrie aanvragen om te proberen, in een andere terminal:\n",
                "\nThree requests to try, in another terminal:\n",
            )
        )
        for line in example_requests(address, key):
            # Not wrapped and not styled, so that a line can be copied whole.
            console.print(line, soft_wrap=True, markup=False, highlight=False)
    console.print()
