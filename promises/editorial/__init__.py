"""The workflow itself, abstract: draft, in review, published, retracted."""
