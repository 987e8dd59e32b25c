"""The law: values and pure rules. Imports only the standard library and pure calculators; no clock, no I/O."""
