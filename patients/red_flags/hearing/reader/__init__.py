"""The second reader: a trained multi-label classifier beside the rules, which may only add flags."""
