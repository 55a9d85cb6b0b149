"""Where the server may listen."""

from __future__ import annotations

import pytest

from rag.app.access import check_binding
from rag.errors import ConfigurationError


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "localhost", "::1"])
def test_this_machine_needs_no_keys(host):
    check_binding(host, has_keys=False)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.20", "10.0.0.1", "rag.example.org", "", "127.0.0.1.evil"])
def test_elsewhere_needs_keys(host):
    with pytest.raises(ConfigurationError) as refused:
        check_binding(host, has_keys=False)
    assert "RAG_API_KEYS" in refused.value.remedy
    check_binding(host, has_keys=True)
