"""The audit log (审计日志): who asked what and when, what was shown, exported and changed; never a document's words."""
