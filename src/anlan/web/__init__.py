"""The browser app: serves the page that `web/` builds, with nothing in it from elsewhere."""

from anlan.web.pages import mount_pages, pages

__all__ = ["mount_pages", "pages"]
