"""Files of researchers: uploaded, mapped, tried, imported."""
