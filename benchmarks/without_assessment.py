"""The same trained assistant without the emotion mapping: the peer that `bench turn` compares with."""

import io
import tarfile
from pathlib import Path
from typing import Any

import yaml

_DOMAIN = "domain.yml"


def strip_assessment(model: Path, target: Path) -> Path:
    """Copy a trained model whose slot `attune_mode` no longer calls `action_attune_assess`.

    Weights, pipeline and policies stay byte for byte the same; only the mapping in the stored domain goes.
    Raises: ValueError if the model holds no such mapping.
    """
    found = 0
    with tarfile.open(model) as source, tarfile.open(target, "w:gz", compresslevel=1) as copy:
        for member in source:
            data = source.extractfile(member)
            if data is None:
                copy.addfile(member)
                continue
            content = data.read()
            if Path(member.name).name == _DOMAIN:
                content, removed = _without_mapping(content)
                found += removed
                member.size = len(content)
            copy.addfile(member, io.BytesIO(content))
    if not found:
        raise ValueError(f"{model.name} has no mapping to action_attune_assess; train the assistant first.")
    return target


def _without_mapping(content: bytes) -> tuple[bytes, int]:
    domain: dict[str, Any] = yaml.safe_load(content)
    removed = 0
    for slot in (domain.get("slots") or {}).values():
        for mapping in slot.get("mappings") or []:
            if mapping.get("action") == "action_attune_assess":
                del mapping["action"]
                removed += 1
    return yaml.safe_dump(domain, sort_keys=False, allow_unicode=True).encode(), removed
