"""Question answering over Chinese government documents, every sentence cited to its exact words."""

__version__ = "0.1.0"
