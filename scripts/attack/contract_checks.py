"""What schemathesis checks besides its own: a 5xx has to be a 503 that the contract documents.

Loaded by SCHEMATHESIS_HOOKS. Its own check lets no 5xx pass, and this service answers 503 where a webhook has no
signature, and where the broker did not confirm.
"""

import schemathesis


@schemathesis.check
def documented_server_error(ctx, response, case):
    if response.status_code < 500:
        return
    if response.status_code != 503:
        raise AssertionError("status %d" % response.status_code)
    # The body says how the service is; no client is asked to try again.
    if not case.path.startswith("/health/") and "retry-after" not in {name.lower() for name in response.headers}:
        raise AssertionError("503 without Retry-After")
