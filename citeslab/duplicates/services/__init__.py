"""Acts on duplicates, one module a subject: likenesses found, questions between sites, files joined and parted."""
