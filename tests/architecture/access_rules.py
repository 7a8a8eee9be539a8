"""Who may open which address: the list to which the access-rule test holds every URL.

PUBLIC addresses need no membership. IN_CLINIC names, for every address below ``/c/<clinic>/``, the roles for
which it is made: the clinic's other members get 403, other people 404, and the signed-out go to the sign-in
page (401 in the API). Which patients a member may open there is the care team's matter, tested beside each
view. A new address without a line here fails the test.
"""

ADMIN = frozenset({"clinic_admin"})
THERAPIST = frozenset({"therapist"})
CLINICAL = THERAPIST | {"assistant"}
STAFF = ADMIN | CLINICAL
PATIENT = frozenset({"patient"})
EVERYBODY = STAFF | PATIENT

PUBLIC = {
    "healthz": "is the process alive",
    "clinic:landing": "the front page, or the visitor's clinics",
    "clinic:intended_use": "linked from every footer",
    "clinic:privacy": "linked from every footer",
    "clinic:join": "the token in the link is the key",
    "clinic:switch": "the visitor's own clinics, after sign-in",
    "clinic:keep_alive": "touches the visitor's own session",
}
# django-allauth's own pages decide for themselves.
PUBLIC_PREFIXES = ("account_", "mfa_")

IN_CLINIC: dict[str, frozenset[str]] = {
    "api_docs": EVERYBODY,
    "api_schema": EVERYBODY,
    "clinic:audit": ADMIN,
    "clinic:audit_export": ADMIN,
    "clinic:home": EVERYBODY,
    "clinic:invite": ADMIN,
    "clinic:member_access": ADMIN,
    "clinic:member_role": ADMIN,
    "clinic:members": ADMIN,
    "clinic:revoke_invitation": ADMIN,
    "clinic:settings": ADMIN,
    "clinic_api:me": EVERYBODY,
    "patients:acknowledge_alert": CLINICAL,
    "patients:alert": STAFF,
    "patients:care_team": CLINICAL,
    "patients:caseload": STAFF,
    "patients:change_consent": PATIENT,
    "patients:close_alert": THERAPIST,
    "patients:edit_patient": CLINICAL,
    "patients:invite": CLINICAL,
    "patients:leave_care_team": THERAPIST,
    "patients:lift_hold": THERAPIST,
    "patients:messages": PATIENT,
    "patients:new_patient": CLINICAL,
    "patients:pain": PATIENT,
    "patients:patient": STAFF,
    "patients:patient_messages": STAFF,
    "patients:privacy": PATIENT,
    "patients:stop": PATIENT,
    "patients:stopped": PATIENT,
    "patients:today": PATIENT,
    "patients_api:alert-acknowledge": CLINICAL,
    "patients_api:alert-close": THERAPIST,
    "patients_api:alert-detail": STAFF,
    "patients_api:alert-list": STAFF,
    "patients_api:messages": EVERYBODY,
    "patients_api:pain-reports": EVERYBODY,
    "patients_api:patient-detail": EVERYBODY,
    "patients_api:patient-list": EVERYBODY,
    "patients_api:patient-search": STAFF,
    "patients_api:stop": PATIENT,
    "prescriptions:add_exercise": THERAPIST,
    "prescriptions:change_dose": THERAPIST,
    "prescriptions:edit_exercise": THERAPIST,
    "prescriptions:end_prescription": THERAPIST,
    "prescriptions:exercise": STAFF,
    "prescriptions:exercises": STAFF,
    "prescriptions:figure": EVERYBODY,
    "prescriptions:handout": PATIENT,
    "prescriptions:new_programme": THERAPIST,
    "prescriptions:prescription": STAFF,
    "prescriptions:prescription_history": STAFF,
    "prescriptions:print_prescription": STAFF,
    "prescriptions:programmes": STAFF,
    "prescriptions:remove_exercise": THERAPIST,
    "prescriptions:restore_exercise": THERAPIST,
    "prescriptions:retire_programme": THERAPIST,
    "prescriptions:sign_exercise": THERAPIST,
    "prescriptions:today_exercise": PATIENT,
    "prescriptions:use_template": THERAPIST,
    "prescriptions:write_note": THERAPIST,
    "prescriptions_api:exercise-detail": STAFF,
    "prescriptions_api:exercise-list": STAFF,
    "prescriptions_api:prescribed-exercise-detail": EVERYBODY,
    "prescriptions_api:prescriptions": EVERYBODY,
    "sessions:comment": CLINICAL,
    "sessions:export": EVERYBODY,
    "sessions:finish_set": PATIENT,
    "sessions:job": EVERYBODY,
    "sessions:live": PATIENT,
    "sessions:motion": EVERYBODY,
    "sessions:pain_after": PATIENT,
    "sessions:review": EVERYBODY,
    "sessions:sample": PATIENT,
    "sessions:start": PATIENT,
    "sessions:summary": PATIENT,
    "sessions:tap": PATIENT,
    "sessions:upload": CLINICAL,
    "sessions:watch": CLINICAL,
    "sessions_api:curve": EVERYBODY,
    "sessions_api:landmarks": EVERYBODY,
    "sessions_api:repetitions": EVERYBODY,
    "sessions_api:session": EVERYBODY,
    "sessions_api:sessions": EVERYBODY,
}
