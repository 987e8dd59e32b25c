"""Where recordings come from: folder archives with a manifest, and staff uploads."""
