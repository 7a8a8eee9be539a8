"""Who signs in: an e-mail address and credentials, nothing else. Names live in the memberships."""

from typing import Any, ClassVar, Self

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models


class UserManager(BaseUserManager["User"]):
    """Users by their e-mail address, which is stored in lower case."""

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=normal_email(username or ""))

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A new user; without a password nobody can sign in until one is set."""
        if not email:
            raise ValueError("a user needs an e-mail address")
        user = self.model(email=normal_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """For Django's command; it gives no way into any clinic."""
        return self.create_user(email, password, is_superuser=True, is_staff=True, **fields)


def normal_email(email: str) -> str:
    """An e-mail address as we store and compare it."""
    return email.strip().lower()


class User(AbstractBaseUser, PermissionsMixin):
    """One person's way in. The clinics they belong to are their memberships."""

    id = models.BigAutoField(primary_key=True)
    email = models.EmailField("e-mail address", unique=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    date_joined = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = "user"

    def __str__(self) -> str:
        return f"user {self.pk}"

    def clean(self) -> None:
        super().clean()
        self.email = normal_email(self.email)

    def save(self: Self, *args: Any, **kwargs: Any) -> None:
        self.email = normal_email(self.email)
        super().save(*args, **kwargs)
