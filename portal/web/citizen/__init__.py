"""The citizen's pages: sign-in, request, own cases, reply."""
