"""Files of researchers: mapped, tried, and imported as drafts all or nothing."""
