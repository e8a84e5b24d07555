"""Commands that measure the program and write what they find to docs/."""
