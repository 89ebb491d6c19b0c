"""The protocol as a document: plain data that can be kept, sent, compared and read again without running anything."""

from myosotis.document.read import from_document
from myosotis.document.text import document_of, fingerprint_of, json_of
from myosotis.document.write import to_document

__all__ = ["document_of", "fingerprint_of", "from_document", "json_of", "to_document"]
