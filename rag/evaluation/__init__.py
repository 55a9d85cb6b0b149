"""Measuring the product: retrieval on judged collections, answers on question sets; always through its own code."""
