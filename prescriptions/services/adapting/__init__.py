"""Named writes of AdaptRx: proposals, what therapists do with them, bounds, protocols, and learning."""
