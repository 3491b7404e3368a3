"""The second factor of staff: codes of an authenticator app (TOTP, RFC 6238), passkeys (WebAuthn), recovery codes."""
