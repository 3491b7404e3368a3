"""Sign-in of staff with OpenID Connect providers (authorization code with PKCE): who they are, and what they may do."""
