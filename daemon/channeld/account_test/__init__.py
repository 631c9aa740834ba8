"""The Test of an account or a channel (semantics A4): steps, each with a verdict. It changes nothing."""
