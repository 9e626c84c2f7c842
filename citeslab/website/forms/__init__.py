"""What is filled in: by who looks for an advisor, by those who write for the public site."""
