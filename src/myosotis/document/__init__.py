"""The protocol as a document: plain data that can be kept, sent, compared and read again without running anything."""

from myosotis.document.read import from_document
from myosotis.document.read_toml import from_toml
from myosotis.document.text import document_of, fingerprint_of, json_of
from myosotis.document.write import to_document
from myosotis.document.write_python import to_python
from myosotis.document.write_toml import to_toml

__all__ = [
    "document_of",
    "fingerprint_of",
    "from_document",
    "from_toml",
    "json_of",
    "to_document",
    "to_python",
    "to_toml",
]
