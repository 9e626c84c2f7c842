"""Host organizations, sites, posts and who holds them, coverage; who may see what."""
