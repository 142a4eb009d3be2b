"""What the pages that look inside trained networks share: which network, which picture, which layer."""
