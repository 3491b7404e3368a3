"""Codes of an authenticator app: six digits, a new one each 30 seconds (RFC 6238)."""

import hmac
from datetime import datetime

import pyotp

STEP_SECONDS = 30
#: A code is taken one step early or late as well, for clocks that differ.
TOLERATED_STEPS = 1


def new_secret() -> str:
    """160 random bits in base32, as RFC 4226 asks."""
    return pyotp.random_base32(32)


def matching_step(secret: str, code: str, at: datetime) -> int | None:
    """The step whose code this is, of those that are taken at `at`; `None` if there is none."""
    totp, current = pyotp.TOTP(secret), int(at.timestamp()) // STEP_SECONDS
    steps = range(current - TOLERATED_STEPS, current + TOLERATED_STEPS + 1)
    fitting = [step for step in steps if hmac.compare_digest(totp.generate_otp(step).encode(), code.encode())]
    return fitting[-1] if fitting else None


def provisioning_address(secret: str, email: str, issuer: str) -> str:
    """What the QR code holds: the `otpauth:` address that apps read."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=issuer)


def qr_picture(text: str) -> bytes:
    """The QR code as SVG, dark on light whatever the page's colours are, with its quiet zone."""
    # Imported late: only who sets up an app needs it.
    import io

    import segno

    buffer = io.BytesIO()
    segno.make(text, error="m").save(buffer, kind="svg", scale=5, border=4, dark="#000", light="#fff")
    return buffer.getvalue()
