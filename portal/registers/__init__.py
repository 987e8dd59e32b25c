"""The registers of this installation: one TOML file each, stating what its privacy notice promises (arts. 13-14)."""
