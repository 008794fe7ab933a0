"""The same trained assistant without the emotion mapping: the peer that `bench turn` compares with."""

import io
import re
import tarfile
from pathlib import Path

# Rasa keeps the domain twice: for its components, and in the metadata that the agent loads.
# By text: parsing and writing YAML anew would turn titles such as "Yes" into booleans for Rasa's older reader.
_MAPPINGS = {
    "domain.yml": re.compile(rb"^ +action: action_attune_assess *\n", re.MULTILINE),
    "metadata.json": re.compile(rb',\s*"action":\s*"action_attune_assess"'),
}


def strip_assessment(model: Path, target: Path) -> Path:
    """Copy a trained model whose slot `attune_mode` no longer calls `action_attune_assess`.

    Weights, pipeline and policies stay byte for byte the same; only the mapping in the stored domain goes.
    Raises: ValueError if the model holds no such mapping.
    """
    missing = set(_MAPPINGS)
    with tarfile.open(model) as source, tarfile.open(target, "w:gz", compresslevel=1) as copy:
        for member in source:
            data = source.extractfile(member)
            if data is None:
                copy.addfile(member)
                continue
            content = data.read()
            name = Path(member.name).name
            if name in _MAPPINGS:
                content, removed = _MAPPINGS[name].subn(b"", content)
                missing -= {name} if removed else set()
                member.size = len(content)
            copy.addfile(member, io.BytesIO(content))
    if missing:
        raise ValueError(f"{', '.join(sorted(missing))} of {model.name} holds no mapping to action_attune_assess.")
    return target
