"""The shapes of policy: one small module per subject, frozen Pydantic models that refuse what they do not know."""
