"""Pages about plans and exercises: the patient's, the editor, and the library."""
