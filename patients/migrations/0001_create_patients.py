import django.db.models.deletion
from django.db import migrations, models

import clinic.tenancy.models
from clinic.tenancy.rls import EnforceTenancy


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("clinic", "0001_clinics_people_and_audit"),
    ]

    operations = [
        migrations.CreateModel(
            name="Alert",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "ref",
                    models.UUIDField(db_default=clinic.tenancy.models.UuidV7(), editable=False, unique=True),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "severity",
                    models.CharField(
                        choices=[
                            ("emergency", "Emergency"),
                            ("same_day", "Same day"),
                            ("tell_therapist", "For the therapist"),
                        ],
                        max_length=16,
                    ),
                ),
                ("rule_id", models.CharField(max_length=64)),
                ("rule_version", models.PositiveSmallIntegerField()),
                ("headline", models.CharField(max_length=200)),
                ("text_shown", models.TextField()),
                ("answers", models.JSONField(default=dict)),
                ("session_ref", models.UUIDField(blank=True, null=True)),
                ("raised_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("acknowledged", "Seen"), ("closed", "Closed")],
                        default="open",
                        max_length=14,
                    ),
                ),
                ("acknowledged_at", models.DateTimeField(blank=True, null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("outcome", models.TextField(blank=True, max_length=2000)),
                (
                    "acknowledged_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="clinic.membership",
                    ),
                ),
                (
                    "clinic",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="clinic.clinic",
                    ),
                ),
                (
                    "closed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="clinic.membership",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Patient",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "ref",
                    models.UUIDField(db_default=clinic.tenancy.models.UuidV7(), editable=False, unique=True),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("given_name", models.CharField(max_length=100)),
                ("family_name", models.CharField(max_length=100)),
                ("given_key", models.CharField(db_collation="C", default="", editable=False, max_length=64)),
                ("family_key", models.CharField(db_collation="C", default="", editable=False, max_length=64)),
                ("birth_date", models.DateField(blank=True, null=True)),
                (
                    "sex",
                    models.CharField(
                        choices=[
                            ("female", "Female"),
                            ("male", "Male"),
                            ("other", "Other"),
                            ("unknown", "Not said"),
                        ],
                        default="unknown",
                        max_length=8,
                    ),
                ),
                ("phone", models.CharField(blank=True, max_length=32)),
                ("time_zone", models.CharField(blank=True, max_length=64)),
                ("simulated", models.BooleanField(default=False)),
                ("planned_days_per_week", models.PositiveSmallIntegerField(default=0, editable=False)),
                ("plan_started_on", models.DateField(editable=False, null=True)),
                ("attention_score", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "clinic",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="clinic.clinic",
                    ),
                ),
                (
                    "membership",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="patient",
                        to="clinic.membership",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="PainReport",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "ref",
                    models.UUIDField(db_default=clinic.tenancy.models.UuidV7(), editable=False, unique=True),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("value", models.PositiveSmallIntegerField()),
                (
                    "moment",
                    models.CharField(
                        choices=[
                            ("before", "Before exercise"),
                            ("after", "After exercise"),
                            ("next_morning", "The next morning"),
                            ("stop", "When you stopped"),
                        ],
                        max_length=12,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("session_ref", models.UUIDField(blank=True, null=True)),
                (
                    "clinic",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="clinic.clinic",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pain_reports",
                        to="patients.patient",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "ref",
                    models.UUIDField(db_default=clinic.tenancy.models.UuidV7(), editable=False, unique=True),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("from_patient", models.BooleanField(default=False, editable=False)),
                ("body", models.TextField(max_length=4000)),
                (
                    "about_kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Nothing in particular"),
                            ("session", "A session"),
                            ("alert", "An alert"),
                            ("prescription", "The plan"),
                        ],
                        default="",
                        max_length=16,
                    ),
                ),
                ("about_ref", models.UUIDField(blank=True, null=True)),
                ("read_at", models.DateTimeField(blank=True, null=True)),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.membership"
                    ),
                ),
                (
                    "clinic",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="clinic.clinic",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="messages",
                        to="patients.patient",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="ExerciseHold",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "ref",
                    models.UUIDField(db_default=clinic.tenancy.models.UuidV7(), editable=False, unique=True),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("since", models.DateTimeField()),
                ("lifted_at", models.DateTimeField(blank=True, null=True)),
                ("outcome", models.TextField(blank=True, max_length=2000)),
                (
                    "alert",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="exercise_holds",
                        to="patients.alert",
                    ),
                ),
                (
                    "clinic",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="clinic.clinic",
                    ),
                ),
                (
                    "lifted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="clinic.membership",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="exercise_holds",
                        to="patients.patient",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="EpisodeOfCare",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "ref",
                    models.UUIDField(db_default=clinic.tenancy.models.UuidV7(), editable=False, unique=True),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("title", models.CharField(max_length=200)),
                (
                    "body_region",
                    models.CharField(
                        choices=[
                            ("neck", "Neck"),
                            ("shoulder", "Shoulder"),
                            ("elbow_hand", "Elbow, wrist or hand"),
                            ("back", "Back"),
                            ("hip", "Hip"),
                            ("knee", "Knee"),
                            ("ankle_foot", "Ankle or foot"),
                            ("balance", "Balance and walking"),
                            ("other", "Other"),
                        ],
                        default="other",
                        max_length=16,
                    ),
                ),
                (
                    "laterality",
                    models.CharField(
                        choices=[
                            ("left", "Left"),
                            ("right", "Right"),
                            ("both", "Both sides"),
                            ("not_applicable", "No side"),
                        ],
                        default="not_applicable",
                        max_length=16,
                    ),
                ),
                ("onset_date", models.DateField(blank=True, null=True)),
                ("surgery_date", models.DateField(blank=True, null=True)),
                ("precautions", models.TextField(blank=True, max_length=2000)),
                (
                    "status",
                    models.CharField(
                        choices=[("active", "Active"), ("finished", "Finished")],
                        default="active",
                        max_length=10,
                    ),
                ),
                (
                    "clinic",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="clinic.clinic",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="episodes",
                        to="patients.patient",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="DaySummary",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "ref",
                    models.UUIDField(db_default=clinic.tenancy.models.UuidV7(), editable=False, unique=True),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("day", models.DateField()),
                ("sessions_done", models.PositiveSmallIntegerField(default=0)),
                ("repetitions_scored", models.PositiveIntegerField(default=0)),
                ("repetitions_correct", models.PositiveIntegerField(default=0)),
                (
                    "clinic",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="clinic.clinic",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="days",
                        to="patients.patient",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Consent",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "ref",
                    models.UUIDField(db_default=clinic.tenancy.models.UuidV7(), editable=False, unique=True),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("camera", "Use the camera to count and score my exercises"),
                            ("live_view", "Let my therapist watch my moving figure live"),
                            ("video", "Keep a video that I upload for my therapist"),
                        ],
                        max_length=12,
                    ),
                ),
                ("given_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                (
                    "clinic",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="clinic.clinic",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consents",
                        to="patients.patient",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="CareTeamMember",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "ref",
                    models.UUIDField(db_default=clinic.tenancy.models.UuidV7(), editable=False, unique=True),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("role_note", models.CharField(blank=True, max_length=100)),
                (
                    "clinic",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="clinic.clinic",
                    ),
                ),
                (
                    "membership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="care_team_places",
                        to="clinic.membership",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="care_team",
                        to="patients.patient",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="AttentionReason",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "ref",
                    models.UUIDField(db_default=clinic.tenancy.models.UuidV7(), editable=False, unique=True),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("code", models.CharField(max_length=32)),
                ("weight", models.PositiveSmallIntegerField()),
                ("words", models.CharField(max_length=200)),
                ("since", models.DateTimeField()),
                ("resolved_at", models.DateTimeField(blank=True, null=True)),
                ("object_ref", models.UUIDField(blank=True, null=True)),
                (
                    "clinic",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="clinic.clinic",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attention_reasons",
                        to="patients.patient",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
            },
        ),
        migrations.AddField(
            model_name="alert",
            name="patient",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="alerts", to="patients.patient"
            ),
        ),
        migrations.CreateModel(
            name="TimelineEntry",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "ref",
                    models.UUIDField(db_default=clinic.tenancy.models.UuidV7(), editable=False, unique=True),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("kind", models.CharField(max_length=32)),
                ("at", models.DateTimeField()),
                ("title", models.CharField(max_length=200)),
                ("summary", models.TextField(blank=True)),
                ("object_kind", models.CharField(blank=True, max_length=32)),
                ("object_ref", models.UUIDField(blank=True, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="clinic.membership",
                    ),
                ),
                (
                    "clinic",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="clinic.clinic",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="timeline",
                        to="patients.patient",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
            },
        ),
        migrations.AddIndex(
            model_name="patient",
            index=models.Index(fields=["clinic", "family_key"], name="patient_family_key"),
        ),
        migrations.AddIndex(
            model_name="patient",
            index=models.Index(fields=["clinic", "given_key"], name="patient_given_key"),
        ),
        migrations.AddIndex(
            model_name="patient",
            index=models.Index(fields=["clinic", "-attention_score", "family_key"], name="patient_attention"),
        ),
        migrations.AddConstraint(
            model_name="patient",
            constraint=models.CheckConstraint(
                condition=models.Q(("planned_days_per_week__lte", 7)), name="patient_planned_days_at_most_7"
            ),
        ),
        migrations.AddIndex(
            model_name="painreport",
            index=models.Index(fields=["clinic", "patient", "-at"], name="pain_report_of_patient"),
        ),
        migrations.AddConstraint(
            model_name="painreport",
            constraint=models.CheckConstraint(
                condition=models.Q(("value__lte", 10)), name="pain_report_0_to_10"
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(fields=["clinic", "patient", "-created_at"], name="message_of_patient"),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("read_at__isnull", True)),
                fields=["clinic", "patient"],
                name="message_not_read",
            ),
        ),
        migrations.AddConstraint(
            model_name="exercisehold",
            constraint=models.UniqueConstraint(
                condition=models.Q(("lifted_at__isnull", True)),
                fields=("clinic", "patient"),
                name="exercise_hold_one_open",
            ),
        ),
        migrations.AddIndex(
            model_name="episodeofcare",
            index=models.Index(fields=["clinic", "patient", "status"], name="episode_of_patient"),
        ),
        migrations.AddConstraint(
            model_name="daysummary",
            constraint=models.UniqueConstraint(fields=("clinic", "patient", "day"), name="day_summary_once"),
        ),
        migrations.AddConstraint(
            model_name="daysummary",
            constraint=models.CheckConstraint(
                condition=models.Q(("repetitions_correct__lte", models.F("repetitions_scored"))),
                name="day_summary_correct_within_scored",
            ),
        ),
        migrations.AddConstraint(
            model_name="consent",
            constraint=models.UniqueConstraint(
                condition=models.Q(("withdrawn_at__isnull", True)),
                fields=("clinic", "patient", "kind"),
                name="consent_open_once_per_kind",
            ),
        ),
        migrations.AddIndex(
            model_name="careteammember",
            index=models.Index(fields=["clinic", "membership", "patient"], name="care_team_of_member"),
        ),
        migrations.AddConstraint(
            model_name="careteammember",
            constraint=models.UniqueConstraint(
                fields=("clinic", "patient", "membership"), name="care_team_member_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="attentionreason",
            constraint=models.UniqueConstraint(
                condition=models.Q(("resolved_at__isnull", True)),
                fields=("clinic", "patient", "code"),
                name="attention_reason_open_once_per_code",
            ),
        ),
        migrations.AddIndex(
            model_name="alert",
            index=models.Index(fields=["clinic", "patient", "-raised_at"], name="alert_of_patient"),
        ),
        migrations.AddIndex(
            model_name="alert",
            index=models.Index(
                condition=models.Q(("state", "closed"), _negated=True),
                fields=["clinic", "patient"],
                name="alert_not_closed",
            ),
        ),
        migrations.AddConstraint(
            model_name="alert",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "closed"), _negated=True),
                    models.Q(("outcome", ""), _negated=True),
                    _connector="OR",
                ),
                name="alert_closed_with_outcome",
            ),
        ),
        migrations.AddIndex(
            model_name="timelineentry",
            index=models.Index(fields=["clinic", "patient", "-at"], name="timeline_of_patient"),
        ),
        migrations.AddConstraint(
            model_name="timelineentry",
            constraint=models.UniqueConstraint(
                condition=models.Q(("object_ref__isnull", False)),
                fields=("clinic", "patient", "kind", "object_kind", "object_ref"),
                name="timeline_entry_once_per_object",
            ),
        ),
        EnforceTenancy(
            "Patient",
            "EpisodeOfCare",
            "CareTeamMember",
            "Consent",
            "PainReport",
            "Alert",
            "ExerciseHold",
            "Message",
            "TimelineEntry",
            "AttentionReason",
            "DaySummary",
        ),
    ]
