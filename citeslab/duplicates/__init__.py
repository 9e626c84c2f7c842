"""The same person known twice: found without disclosure, joined, and parted again."""
