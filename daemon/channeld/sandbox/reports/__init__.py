"""Reports: asked for, made in their turn, read from documents (official model `reports_2021-06-30.json`)."""
