"""Parts of `anlan bench flood`: the standard case, this project's run of it, and those of peers."""
