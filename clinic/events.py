"""What other apps may hear from the house. Sent inside the writing transaction, so that a receiver's
failure undoes it.
"""

from django.dispatch import Signal

# Arguments: invitation (clinic.Invitation), membership (clinic.Membership). `invitation.patient_ref` names
# the patient
# record that gets this login; the patients app links the two.
invitation_accepted = Signal()
