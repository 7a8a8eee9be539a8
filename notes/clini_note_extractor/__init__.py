"""CliniNoteExtractor: what a therapy note says, as exact spans and typed findings. No web framework."""
