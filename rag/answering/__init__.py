"""Questions to cited answers (问答)."""
