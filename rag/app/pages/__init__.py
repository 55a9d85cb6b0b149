"""The pages (网页): server-rendered HTML that needs no JavaScript; ``site.install`` puts them on an application."""
