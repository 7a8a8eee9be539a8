"""Training of the note model: its data, its fine-tuning, its experiments; never imported by web or worker."""
