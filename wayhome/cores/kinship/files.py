"""Case files: read, and results made ready to be written."""

import hashlib
import json
from pathlib import Path
from typing import Any

from .cases import Case, read_case
from .faults import MalformedCase

LARGEST_FILE_BYTES = 256 * 2**20


def read_document(path: Path) -> tuple[Any, str]:
    """A JSON file and the SHA-256 of its bytes. Raises MalformedCase or OSError."""
    data = path.read_bytes()
    return parsed_document(data), hashlib.sha256(data).hexdigest()


def parsed_document(data: bytes) -> Any:
    """The JSON document in these bytes. Raises MalformedCase."""
    if len(data) > LARGEST_FILE_BYTES:
        raise MalformedCase("", f"{len(data)} bytes", f"{LARGEST_FILE_BYTES} at most")
    try:
        return json.loads(data.decode("utf-8-sig"), object_pairs_hook=_without_repeats)
    except UnicodeDecodeError as error:
        raise MalformedCase("", f"byte {error.start} is not UTF-8", "a JSON file") from None
    except json.JSONDecodeError as error:
        where = f"line {error.lineno} column {error.colno}"
        raise MalformedCase(where, error.msg, "a JSON file") from None
    except RecursionError:
        raise MalformedCase("", "brackets too deep", "a case") from None
    except MalformedCase:
        raise
    except ValueError:  # Python refuses to read numbers of thousands of digits
        raise MalformedCase("", "a number of too many digits", "a JSON file") from None


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise MalformedCase(key, f"the key {key!r} twice in one object", "each key once")
        found[key] = value
    return found


def read_case_file(path: Path) -> tuple[Case, str]:
    """A case and the SHA-256 of its file. Raises MalformedCase or OSError."""
    document, digest = read_document(path)
    return read_case(document), digest
