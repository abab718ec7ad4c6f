"""Copies of evidence that outlive its source: kept by content, dated, shown safely."""
