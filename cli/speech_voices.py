"""`attune speech voices` and `attune speech diarization`: whether and when somebody else speaks in a clip."""

import os
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Final

import typer

from cli.output import EXIT_USAGE, AsJson, fail, notes, print_report, reports_errors

app = typer.Typer(help="Who speaks when, by pyannote.audio in its own environment.", no_args_is_help=True)

# What the download may need of this process's environment; nothing else is passed on.
_NETWORK: Final = (
    *("PATH", "HOME", "LANG", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "HF_ENDPOINT"),
    *("HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY", "https_proxy", "http_proxy", "no_proxy"),
)
# Runs in the diarization environment. The token comes by the environment of that one process: not by its arguments,
# which every user of the machine can read.
_FETCH = """
import json, os, sys
from huggingface_hub import snapshot_download
from huggingface_hub import errors
repository, target = sys.argv[1:3]
try:
    snapshot_download(repository, local_dir=target, token=os.environ["ATTUNE_ONE_TOKEN"],
                      allow_patterns=["config.yaml", "segmentation/*", "embedding/*", "plda/*", "README.md"])
except (errors.GatedRepoError, errors.RepositoryNotFoundError):
    sys.exit(3)
except Exception as err:
    print(type(err).__name__)
    sys.exit(4)
"""


@reports_errors
def voices(
    file: Annotated[Path | None, typer.Argument(help="A recording to judge.")] = None,
    evaluate: Annotated[Path | None, typer.Option(help="Measure on the data sets in this folder.")] = None,
    make: Annotated[Path | None, typer.Option(help="Make the model from this wheel; needs --data.")] = None,
    data: Annotated[Path | None, typer.Option(help="Folder of the data sets, for --make.")] = None,
    as_json: AsJson = False,
) -> None:
    """Say whether more than one person may speak in FILE, or measure how well that is told, or make its model."""
    from service import Settings
    from speech import decode, has_two_sides, suspicion

    folder = Settings().models_dir / "voices"
    if make is not None:
        from speech.voices.training import make_encoder

        if data is None:
            fail("--make needs --data DIR.", code="usage", as_json=as_json, status=EXIT_USAGE)
        make_encoder(make, data, folder, tell=notes.print)
        print_report({"folder": str(folder)}, as_json=as_json)
    elif evaluate is not None:
        from speech.voices.training import evaluate as measure

        print_report(measure(evaluate, folder=folder), as_json=as_json)
    elif file is not None:
        found = asdict(suspicion(decode(file))) | {"two_sides": has_two_sides(file)}
        print_report(found, as_json=as_json)
    else:
        fail("nothing to do. Give FILE, --evaluate or --make.", code="usage", as_json=as_json, status=EXIT_USAGE)


@app.command()
@reports_errors
def add(
    token: Annotated[
        str | None,
        typer.Option(envvar="HF_TOKEN", help="Hugging Face access token; asked for on a terminal if not given."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Download the pipeline community-1, after you have accepted its terms; the token is used once and not kept."""
    from service import Settings
    from speech import DIARIZATION_REPOSITORY, DIARIZATION_TERMS_URL, pipeline_missing

    if token is None and not sys.stdin.isatty():
        fail("no token. Give --token, or set HF_TOKEN.", code="usage", as_json=as_json, status=EXIT_USAGE)
    setup = Settings().diarization
    if not setup.python.is_file():
        fail("its environment is not installed. Run: make diarization", code="not_installed", as_json=as_json)
    token = token or str(typer.prompt("Token", hide_input=True, err=True))
    passed_on = {name: os.environ[name] for name in _NETWORK if name in os.environ}
    done = subprocess.run(
        [str(setup.python), "-c", _FETCH, DIARIZATION_REPOSITORY, str(setup.pipeline)],
        env=passed_on | {"ATTUNE_ONE_TOKEN": token, "HF_HUB_DISABLE_TELEMETRY": "1"},
        stdout=subprocess.PIPE,
        # The progress bars are for people; with --json nothing else may be said.
        stderr=subprocess.DEVNULL if as_json else None,
        text=True,
        check=False,
    )
    if done.returncode == 3:
        fail(
            f"this token may not read {DIARIZATION_REPOSITORY}. Accept the terms at {DIARIZATION_TERMS_URL} with the "
            "account of the token, and give the token the right to read gated repositories.",
            code="terms",
            as_json=as_json,
        )
    if done.returncode != 0:
        fail(
            f"the download failed ({done.stdout.strip()[-60:] or 'no reason given'}). Is this machine connected? "
            f"Otherwise download {DIARIZATION_TERMS_URL} elsewhere and put its files into {setup.pipeline}.",
            code="download",
            as_json=as_json,
        )
    if (missing := pipeline_missing(setup)) is not None:
        fail(f"downloaded, but {missing}.", code="incomplete", as_json=as_json)
    print_report({"pipeline": str(setup.pipeline)}, as_json=as_json)


@app.command()
@reports_errors
def show(
    file: Annotated[Path, typer.Argument(help="A recording.", show_default=False)],
    wait_s: Annotated[float, typer.Option(help="Longest wait.", min=1.0)] = 300.0,
    as_json: AsJson = False,
) -> None:
    """Print who speaks when in FILE, and which spans are taken for the customer's."""
    from service import Settings
    from speech import Diarizer, customer_segments, decode

    clip = decode(file)
    diarizer = Diarizer(Settings().diarization)
    try:
        turns = diarizer.turns(clip, budget_s=wait_s)
    finally:
        diarizer.close()
    print_report(
        {"turns": [asdict(turn) for turn in turns], "customer": customer_segments(clip, turns)}, as_json=as_json
    )
