"""What the product talks about: documents, clauses, passages, duties, answers. Standard library only."""
