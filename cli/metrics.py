"""`attune metrics`: the figures of the running web process, and the token that opens them."""

from typing import Annotated

import httpx
import typer

from cli.local import trust
from cli.output import AsJson, fail, print_json, reports_errors
from privacy import Secrets
from service import Settings

_WITHIN_S = 10.0


@reports_errors
def metrics(
    token: Annotated[bool, typer.Option("--token", help="Print the token for Prometheus instead.")] = False,
    as_json: AsJson = False,
) -> None:
    """Calls and turns since the web process started, as Prometheus reads them at /metrics."""
    settings = Settings()
    secrets = Secrets.load_or_create(settings.secrets_file)
    secret = settings.metrics_token.get_secret_value() or secrets.metrics_token
    if token:
        if as_json:
            print_json({"token": secret})
        else:
            typer.echo(secret)
        return
    try:
        response = httpx.get(
            f"{settings.local_url}/metrics",
            headers={"Authorization": f"Bearer {secret}"},
            timeout=_WITHIN_S,
            trust_env=False,
            verify=trust(settings),
        )
    except httpx.HTTPError as err:
        fail(
            f"{settings.local_url} does not answer ({type(err).__name__}). Start it with `attune up`.",
            code="unreachable",
            as_json=as_json,
        )
    if response.status_code != 200:
        fail(
            f"/metrics answered {response.status_code}; expected 200. Is ATTUNE_METRICS_TOKEN the same there and here?",
            code="refused",
            as_json=as_json,
        )
    if as_json:
        print_json({"samples": samples(response.text)})
    else:
        typer.echo(response.text, nl=False)


def samples(text: str) -> list[dict[str, object]]:
    """Each sample of the text format: name, labels and value."""
    from prometheus_client.parser import text_string_to_metric_families

    return [
        {"name": sample.name, "labels": dict(sample.labels), "value": sample.value}
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.value == sample.value
    ]
