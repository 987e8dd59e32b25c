"""The staff's pages: sign-in, queue, case, decision, letter."""
