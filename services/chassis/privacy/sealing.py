"""Sealing what only the service that asked may read, as JSON Web Encryption.

The key is made for one export and thrown away with it. What was sealed for it lies unreadable in queues, logs
and backups from then on.

Sources: RFC 7516 (JSON Web Encryption), RFC 7518 section 4.6 (ECDH-ES), RFC 8037 (X25519).
"""

from __future__ import annotations

from joserfc import jwe
from joserfc.jwk import OKPKey

_HEADER = {"alg": "ECDH-ES", "enc": "A256GCM"}
_ALGORITHMS = ["ECDH-ES", "A256GCM"]


def new_key() -> tuple[str, str]:
    """A private key and its public key, both as PEM text."""
    key = OKPKey.generate_key("X25519", private=True)
    return key.as_pem(private=True).decode(), key.as_pem(private=False).decode()


def seal(content: bytes, public_key: str) -> str:
    return jwe.encrypt_compact(dict(_HEADER), content, OKPKey.import_key(public_key), algorithms=_ALGORITHMS)


def unseal(sealed: str, private_key: str) -> bytes:
    """Raises joserfc.errors.JoseError for what was not sealed for this key."""
    content = jwe.decrypt_compact(sealed, OKPKey.import_key(private_key), algorithms=_ALGORITHMS).plaintext
    return content or b""
