"""Drafting (代拟): a language model writes from numbered evidence, and nothing that it writes passes unverified."""
