"""The browser app: serves the page that `web/` builds, with nothing in it from elsewhere."""

from anlan.web.pages import pages

__all__ = ["pages"]
