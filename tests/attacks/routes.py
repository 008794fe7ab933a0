"""Every operation of the API, from its own description, and bodies that fit it but for one field."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from fastapi import FastAPI

UNSAFE: Final = ("post", "put", "patch", "delete")


@dataclass(frozen=True)
class Operation:
    """One method of one path. body: JSON that fits the description; None where there is none or it is no JSON."""

    method: str
    path: str
    names: tuple[str, ...]
    queries: tuple[str, ...]
    body: Any = None
    fields: tuple[tuple[str, ...], ...] = field(default=())

    def address(self, **values: str) -> str:
        """The path with its names filled in."""
        return self.path.format(**{name: values.get(name, "x") for name in self.names})

    def with_field(self, place: tuple[str, ...], value: Any) -> Any:
        """The body with another value in one place."""
        return _replaced(self.body, place, value)


def operations(app: FastAPI) -> list[Operation]:
    """All of them."""
    description = app.openapi()
    found = []
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            parameters = operation.get("parameters", ())
            schema = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", None)
            body = None if schema is None else _example(schema, description)
            found.append(
                Operation(
                    method,
                    path,
                    tuple(one["name"] for one in parameters if one["in"] == "path"),
                    tuple(one["name"] for one in parameters if one["in"] == "query"),
                    body,
                    tuple(_places(body)),
                )
            )
    return found


def _example(schema: dict[str, Any], description: dict[str, Any]) -> Any:
    if "$ref" in schema:
        return _example(description["components"]["schemas"][schema["$ref"].rpartition("/")[2]], description)
    if "anyOf" in schema:
        return _example(schema["anyOf"][0], description)
    for given in ("const", "default"):
        if given in schema and schema[given] is not None:
            return schema[given]
    if "enum" in schema:
        return schema["enum"][0]
    match schema.get("type"):
        case "object":
            return {name: _example(one, description) for name, one in schema.get("properties", {}).items()}
        case "array":
            return [_example(schema.get("items", {}), description)]
        case "string":
            return "x" * max(8, schema.get("minLength", 0)) if "pattern" not in schema else "en"
        case "integer" | "number":
            return schema.get("minimum", 1)
        case "boolean":
            return True
    return None


def _places(value: Any, place: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _places(inner, (*place, name))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _places(inner, (*place, str(number)))
    elif place:
        yield place


def _replaced(value: Any, place: tuple[str, ...], new: Any) -> Any:
    if not place:
        return new
    first, rest = place[0], place[1:]
    if isinstance(value, list):
        return [_replaced(inner, rest, new) if str(number) == first else inner for number, inner in enumerate(value)]
    return {name: _replaced(inner, rest, new) if name == first else inner for name, inner in value.items()}
