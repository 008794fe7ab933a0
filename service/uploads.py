"""One uploaded file: the body itself, or the only file of a form. Its size is limited while it arrives."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from fastapi import Request
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from service.errors import Refused

_MOST_FIELDS: Final = 12
_LONGEST_NAME: Final = 200


@dataclass(frozen=True)
class Form:
    """A form with one file. name: the file's, as its owner calls it. fields: the other ones."""

    content: bytes
    name: str
    fields: Mapping[str, str] = field(default_factory=dict)


async def read_file(request: Request, *, field: str) -> bytes:
    """The file's bytes, never written to the disk. field: what the form's file is called. Raises: Refused."""
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        return await request.body()
    return (await read_form(request, field=field)).content


async def read_form(request: Request, *, field: str) -> Form:
    """The form, never written to the disk. field: what its file is called. Raises: Refused."""
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise Refused("form_malformed", f"This is no form. Send multipart/form-data with a file field named '{field}'.")
    # Not request.form(): it writes a file of more than 1 MB to the disk, and a recording is never there unencrypted.
    parser = MultiPartParser(request.headers, request.stream(), max_files=1, max_fields=_MOST_FIELDS)
    parser.spool_max_size = sys.maxsize
    try:
        form = await parser.parse()
    except MultiPartException:
        raise Refused(
            "form_malformed", f"This form cannot be read. Send one file field named '{field}', or the file itself."
        ) from None
    try:
        fields = {name: value for name, value in form.multi_items() if isinstance(value, str)}
        for value in form.values():
            if isinstance(value, UploadFile):
                return Form(await value.read(), (value.filename or field)[:_LONGEST_NAME], fields)
    finally:
        await form.close()
    raise Refused("file_missing", f"The form has no file. Send it as a file field named '{field}'.")
