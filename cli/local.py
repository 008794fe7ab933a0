"""How commands on this machine reach the web process."""

import ssl

from service import Settings


def trust(settings: Settings) -> ssl.SSLContext | bool:
    """For httpx's `verify`: under TLS, the installation's own certificate, whatever name this machine is called by."""
    if settings.tls_cert is None:
        return True
    context = ssl.create_default_context(cafile=settings.tls_cert)
    # The certificate is for the public name; a command asks the address that the process listens at.
    context.check_hostname = False
    # The file holds the server's own certificate, not always its authority's.
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    return context
