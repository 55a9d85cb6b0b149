"""The leak test's parts: documents, a server with a twin for each principal, what may be asked, and the walk over it."""
