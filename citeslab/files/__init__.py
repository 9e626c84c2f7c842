"""Documents kept beside what they prove: known by their content, scanned, served by right only, erased on their day."""
