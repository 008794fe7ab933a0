"""The demo's catalogue behind the real encoder, opened once."""

from pathlib import Path

import pytest

from recommender import OnnxEncoder, Recommender, load_rules
from shop import generate_catalogue

RULES = Path(__file__).parents[2] / "data" / "suggestions.toml"


@pytest.fixture(scope="session")
def encoder(encoder_dir: Path) -> OnnxEncoder:
    return OnnxEncoder(encoder_dir)


@pytest.fixture(scope="session")
def index_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("index")


@pytest.fixture(scope="session")
def demo(encoder: OnnxEncoder, index_dir: Path) -> Recommender:
    return Recommender.open(index_dir, encoder, items=generate_catalogue(), rules=load_rules(RULES))
