"""Background work: alerts, retries and copies; it never decides, closes or refuses a case."""
