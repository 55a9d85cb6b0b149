"""The command line, the HTTP interface and the pages (应用层)."""
