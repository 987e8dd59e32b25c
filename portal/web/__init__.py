"""Pages and forms of the two faces, one module a subject."""
