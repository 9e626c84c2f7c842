from datetime import UTC, datetime

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions
from django.contrib.sessions.base_session import AbstractBaseSession, BaseSessionManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from citeslab.core.values import sort_key


class UserManager(BaseUserManager):
    def get_by_natural_key(self, username):
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """Someone who signs in. What she may see comes from her mandates (room `network`)."""

    PERSONAL = ("email", "name", "sort_key")

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=160)
    sort_key = models.CharField(max_length=160, editable=False)
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("created at"))

    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="accounts_user_one_account_by_address",
                violation_error_message=_("An account already uses this address."),
            ),
        ]

    def __str__(self):
        return f"user #{self.pk}"

    def save(self, *args, **kwargs):
        self.sort_key = sort_key(self.name)
        super().save(*args, **kwargs)

    @property
    def initials(self) -> str:
        words = self.name.replace("-", " ").split()
        return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper()


class Identity(models.Model):
    """What an identity provider knows her by. It is matched by this alone, never by an address."""

    PERSONAL = ("subject",)

    user = models.ForeignKey(User, models.CASCADE, related_name="identities")
    issuer = models.CharField(_("provider"), max_length=200)
    subject = models.CharField(_("identifier"), max_length=255)
    linked_at = models.DateTimeField(_("linked at"))

    class Meta:
        verbose_name = _("identity")
        verbose_name_plural = _("identities")
        constraints = [
            models.UniqueConstraint(name="accounts_identity_of_one_account", fields=["issuer", "subject"]),
        ]

    def __str__(self):
        return f"identity #{self.pk}"


class Closure(models.Model):
    """An account that somebody closed: nobody signs in to it again; what it wrote stays signed."""

    PERSONAL = ()

    user = models.OneToOneField(User, models.PROTECT, related_name="closure")
    closed_at = models.DateTimeField(_("closed at"))
    closed_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("closure")
        verbose_name_plural = _("closures")

    def __str__(self):
        return f"closure #{self.pk}"


class SessionQuerySet(models.QuerySet):
    def open(self, at: datetime):
        """Sessions that still answer to their cookie."""
        return self.filter(expire_date__gt=at)


class Session(AbstractBaseSession):
    """A browser that is signed in, or on its way in; its owner sees it in her list and may end it."""

    PERSONAL = ("session_key", "session_data", "agent")

    user = models.ForeignKey(User, models.CASCADE, related_name="sessions", null=True, blank=True)
    agent = models.CharField(_("browser"), max_length=200, blank=True)
    opened_at = models.DateTimeField(_("opened at"), null=True, blank=True)
    seen_at = models.DateTimeField(_("last seen at"), null=True, blank=True)

    objects = BaseSessionManager.from_queryset(SessionQuerySet)()

    class Meta(AbstractBaseSession.Meta):
        pass

    def __str__(self):
        return f"session of user #{self.user_id}"

    @classmethod
    def get_session_store_class(cls):
        return SessionStore


class SessionStore(DatabaseSessions):
    """Django's sessions in the database, with their owner in a column. `SESSION_ENGINE` names this module."""

    @classmethod
    def get_model_class(cls):
        return Session

    def create_model_instance(self, data):
        session = super().create_model_instance(data)
        session.user_id = data.get("_auth_user_id")
        session.agent = data.get("agent", "")
        session.opened_at = instant(data.get("opened_at"))
        session.seen_at = instant(data.get("seen_at"))
        return session


def instant(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


class Kept(models.Model):
    """What is counted or remembered for a while, the same for every process: the cache (`settings.CACHES`)."""

    PERSONAL = ()  # attempts and codes under digests

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField()

    class Meta:
        verbose_name = _("kept value")
        verbose_name_plural = _("kept values")
        indexes = [
            models.Index(name="accounts_kept_expired", fields=["expires"]),  # what is swept away
        ]

    def __str__(self):
        return self.cache_key


class Knock(models.Model):
    """Someone without an account came to a door; `source` is the digest of where from. Kept for a day."""

    PERSONAL = ()  # a digest that only this installation can make

    door = models.CharField(max_length=40)
    source = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("knock")
        verbose_name_plural = _("knocks")
        indexes = [
            models.Index(name="accounts_knock_of_source", fields=["door", "source", "at"]),  # "too often?"
            models.Index(name="accounts_knock_old", fields=["at"]),  # what is swept away
        ]

    def __str__(self):
        return f"knock #{self.pk}"
