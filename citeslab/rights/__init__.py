"""What a person may ask of her data: notice, consent, her own space, erasure."""
