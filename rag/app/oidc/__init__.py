"""Sign-in with OpenID Connect (统一身份认证登录): off unless a provider is set, and no other server is ever asked.

``provider`` speaks with the provider and believes nothing it says unchecked; ``grants`` reads what the operator lets
people see; ``signing_in`` joins both to a browser. OpenID Connect Core 1.0, OAuth 2.0 (RFC 6749), PKCE (RFC 7636).
"""
