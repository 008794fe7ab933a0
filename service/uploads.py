"""One uploaded file: the body itself, or the only file of a form. Its size is limited while it arrives."""

import sys

from fastapi import Request
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from service.errors import Refused


async def read_file(request: Request, *, field: str) -> bytes:
    """The file's bytes, never written to the disk. field: what the form's file is called. Raises: Refused."""
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        return await request.body()
    # Not request.form(): it writes a file of more than 1 MB to the disk, and a recording is never there unencrypted.
    parser = MultiPartParser(request.headers, request.stream(), max_files=1, max_fields=4)
    parser.spool_max_size = sys.maxsize
    try:
        form = await parser.parse()
    except MultiPartException:
        raise Refused(
            "form_malformed", f"This form cannot be read. Send one file field named '{field}', or the file itself."
        ) from None
    try:
        for value in form.values():
            if isinstance(value, UploadFile):
                return await value.read()
    finally:
        await form.close()
    raise Refused("file_missing", f"The form has no file. Send it as a file field named '{field}'.")
