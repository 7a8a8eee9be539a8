"""RehabBot: answers from the patient's own plan, verified sentence by sentence."""
