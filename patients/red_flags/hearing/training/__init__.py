"""Training of the second reader: messages, fine-tuning, measuring; never imported by web or worker."""
