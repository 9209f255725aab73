"""A name server whose answers a test can change, as Docker's does when containers come and go."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import dns.flags
import dns.message
import dns.rcode
import dns.rrset


@contextmanager
def name_server(addresses: dict[str, list[str]], port: int) -> Iterator[None]:
    """Answer on a port of the loopback address with what ``addresses`` says when it is asked."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listener:
        listener.bind(("127.0.0.1", port))
        thread = threading.Thread(
            target=_answer_all, args=(listener, addresses), name="name server", daemon=True
        )
        thread.start()
        yield
        # An empty question ends it.
        listener.sendto(b"", ("127.0.0.1", port))
        thread.join()


def _answer_all(listener: socket.socket, addresses: dict[str, list[str]]) -> None:
    while True:
        question, asker = listener.recvfrom(4096)
        if not question:
            return
        listener.sendto(_answer(question, addresses), asker)


def _answer(question: bytes, addresses: dict[str, list[str]]) -> bytes:
    response = dns.message.make_response(dns.message.from_wire(question))
    name = response.question[0].name
    found = addresses.get(name.to_text(omit_final_dot=True))
    if found:
        response.flags |= dns.flags.AA
        # Docker's answers may be kept for ten minutes.
        response.answer.append(dns.rrset.from_text(name, 600, "IN", "A", *found))
    else:
        response.set_rcode(dns.rcode.NXDOMAIN)
    return response.to_wire()
