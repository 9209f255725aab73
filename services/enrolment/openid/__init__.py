"""The OpenID Connect provider that an installation may have beside the link by e-mail.

Sources: OpenID Connect Core 1.0 and Discovery 1.0; RFC 9700 (best current practice for OAuth 2.0): code flow
with PKCE, state and nonce, an exact issuer, no other way.
"""
