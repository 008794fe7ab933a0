"""The bench's peer: the same model, without the mapping and nothing else changed."""

import io
import tarfile
from pathlib import Path

import pytest

from benchmarks.without_assessment import strip_assessment

DOMAIN = b"""slots:
  attune_mode:
    mappings:
    - type: custom
      action: action_attune_assess
actions:
- action_attune_assess
"""
METADATA = b'{"domain": {"mappings": [{"type": "custom",\n  "action": "action_attune_assess"}]}}'


def model(path: Path, **files: bytes) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return path


def read(path: Path, name: str) -> bytes:
    with tarfile.open(path) as archive:
        found = archive.extractfile(name)
        assert found is not None
        return found.read()


def test_mapping_is_gone_from_both_copies_of_the_domain_and_weights_stay(tmp_path: Path) -> None:
    source = model(tmp_path / "a", **{"c/domain.yml": DOMAIN, "metadata.json": METADATA, "c/weights.npz": b"\0weights"})
    stripped = strip_assessment(source, tmp_path / "b")
    assert read(stripped, "c/domain.yml") == DOMAIN.replace(b"      action: action_attune_assess\n", b"")
    assert b"action_attune_assess" not in read(stripped, "metadata.json")
    assert read(stripped, "c/weights.npz") == b"\0weights"


def test_model_without_the_mapping_is_refused(tmp_path: Path) -> None:
    source = model(tmp_path / "a", **{"c/domain.yml": DOMAIN, "metadata.json": b"{}"})
    with pytest.raises(ValueError, match=r"metadata\.json"):
        strip_assessment(source, tmp_path / "b")
