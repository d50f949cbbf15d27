"""How the local providers call the service."""

import ssl

import httpx


def caller(*, seconds: float) -> httpx.AsyncClient:
    """A client for one provider's whole life: making one anew for each call reads all root certificates, some 50 ms.

    Nothing is kept alive, so that a service that was killed and started again is met by a fresh connection, not a stale one.
    """
    trusts_nobody = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=0)
    return httpx.AsyncClient(timeout=seconds, verify=trusts_nobody, limits=limits)
