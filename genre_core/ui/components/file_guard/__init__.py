"""Files that are dropped or chosen: taken anywhere on the page, or refused in words."""
