"""How the headers of a mail are written in ASCII (RFC 2047), so that they arrive letter for letter."""

from __future__ import annotations

from email.header import Header
from email.headerregistry import Address, AddressHeader
from email.policy import EmailPolicy
from typing import Any


class WholeWords(EmailPolicy):
    """Writes a subject or a name with other than ASCII letters as one run of encoded words, and addresses for
    programs (RFC 2369, RFC 8058) as they are.

    Python's own folding encodes word by word, and loses or adds a space where words of several scripts meet
    the end of a line (https://github.com/python/cpython/issues/92081).
    """

    def fold(self, name: str, value: Any) -> str:
        written = self._written(name, value)
        return super().fold(name, value) if written is None else written

    def fold_binary(self, name: str, value: Any) -> bytes:
        written = self._written(name, value)
        return super().fold_binary(name, value) if written is None else written.encode("ascii")

    def _written(self, name: str, value: Any) -> str | None:
        """The whole line or lines of the header; None for what can be written as it is."""
        if name.lower().startswith("list-"):
            # An address longer than a line would be written as encoded words, which no program follows.
            return f"{name}: {value}{self.linesep}"
        if str(value).isascii():
            return None
        if isinstance(value, AddressHeader):
            start, separator = f"{name}: ", f",{self.linesep} "
            return (
                start + separator.join(self._mailbox(each, name) for each in value.addresses) + self.linesep
            )
        if name.lower() == "subject":
            return f"{name}: {self._encoded(str(value), name)}{self.linesep}"
        return None

    def _mailbox(self, address: Address, header: str) -> str:
        if address.display_name.isascii():
            return str(address)
        return f"{self._encoded(address.display_name, header)}{self.linesep} <{address.addr_spec}>"

    def _encoded(self, text: str, header: str) -> str:
        return Header(text, "utf-8", header_name=header).encode(linesep=self.linesep)


POLICY = WholeWords(linesep="\r\n")
