"""Why a release is not made."""


class ReleaseError(Exception):
    """Says in one sentence what was found and what to do."""
