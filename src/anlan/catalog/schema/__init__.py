"""The shapes of policy, one small module per subject."""
