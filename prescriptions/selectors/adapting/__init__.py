"""Named reads of AdaptRx: what is allowed, what is known, what was proposed and what came of it."""
