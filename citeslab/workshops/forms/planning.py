"""What the programme asks of an action, and of its end before its day."""

from datetime import datetime, timedelta, tzinfo

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from citeslab.accounts.models import User
from citeslab.animation.models import Method
from citeslab.core.values import instant
from citeslab.network.models import Site
from citeslab.partners.models import Office
from citeslab.people import forms as people
from citeslab.territories import queries as territories
from citeslab.territories.values import territory_of
from citeslab.ui.forms import day_input, time_input
from citeslab.workshops.enums import ClassLevel, Kind
from citeslab.workshops.models import Workshop

MOST_KEPT = 2_000
HALVES = 6  # half-days that one form holds
MOST_REPEATS = 12
EVERY = {"7": _("every week"), "14": _("every two weeks"), "28": _("every four weeks")}


def hour(label, *, required=False):
    return forms.TimeField(label=label, required=required, widget=time_input())


class Animators(forms.ModelMultipleChoiceField):
    def label_from_instance(self, user):
        return user.name


class Colleagues(forms.ModelChoiceField):
    def label_from_instance(self, user):
        return f"{user.name} ({user.where})"


class Offices(forms.ModelChoiceField):
    def label_from_instance(self, office):
        return office.whole_name


class Methods(forms.ModelChoiceField):
    def label_from_instance(self, method):
        return method.title


class Programme(people.Address, forms.ModelForm):
    """An action, its half-days, its place, the seats kept for some, and the days it is held again."""

    animators = Animators(
        label=_("Who leads it"), queryset=User.objects.none(), widget=forms.CheckboxSelectMultiple, required=False
    )
    colleague = Colleagues(
        label=_("With someone of another site"), queryset=User.objects.none(), empty_label=_("nobody"), required=False
    )
    repeat = forms.ChoiceField(label=_("Held again"), choices=[("", _("no")), *EVERY.items()], required=False)
    times = forms.IntegerField(
        label=_("How many more times"),
        required=False,
        min_value=1,
        max_value=MOST_REPEATS,
        widget=forms.NumberInput(attrs={"class": "input-short", "min": 1, "max": MOST_REPEATS}),
    )
    kept_for_advisors = forms.IntegerField(
        label=_("Seats kept for those whom you register"),
        required=False,
        min_value=1,
        max_value=MOST_KEPT,
        widget=forms.NumberInput(attrs={"class": "input-short", "min": 1}),
    )
    kept_for_partner = forms.IntegerField(
        label=_("Seats kept for those whom the partner sends"),
        required=False,
        min_value=1,
        max_value=MOST_KEPT,
        widget=forms.NumberInput(attrs={"class": "input-short", "min": 1}),
    )

    class Meta:
        model = Workshop
        fields = (
            "kind", "title", "theme", "audience", "place", "capacity", "description", "partner", "agreement",
            "method", "establishment", "class_level", "is_public", "site",
        )  # fmt: skip
        field_classes = {"partner": Offices, "method": Methods}
        widgets = {
            "kind": forms.RadioSelect,
            "description": forms.Textarea(attrs={"rows": 3}),
            "capacity": forms.NumberInput(attrs={"class": "input-short", "min": 1}),
        }

    def __init__(self, *args, sites, animators, colleagues, sessions=(), **kwargs):
        initial = kwargs.setdefault("initial", {})
        instance = kwargs.get("instance")
        if instance is not None and instance.pk:
            initial = kwargs["initial"] = {**of_place(instance), **initial}
        super().__init__(*args, **kwargs)
        self.fields["address"].help_text = _("It says whether the action takes place in a priority neighborhood.")
        self.fields["kind"].choices = [(kind.value, capfirst(kind.label)) for kind in Kind]
        self.fields["class_level"].choices = [("", "–"), *ClassLevel.choices]
        self.fields["animators"].queryset = animators
        self.fields["colleague"].queryset = colleagues
        self.fields["partner"].queryset = Office.objects.select_related("network").order_by("sort_key", "pk")
        self.fields["partner"].empty_label = _("no partner")
        known = Method.objects.published().filter(Q(withdrawn_at=None) | Q(pk=self.instance.method_id))
        self.fields["method"].queryset = known.with_title().order_by("title", "pk")
        self.fields["method"].empty_label = _("none of the library")
        self.fields["method"].help_text = _("What the action gives is then told on the page of the method.")
        self.fields["capacity"].help_text = _("Empty: all may come. Beyond, people wait in line and take freed seats.")
        self.fields["agreement"].help_text = _("Its number, as the funder writes it.")
        self.fields["is_public"].help_text = _("Anyone may register in three fields. Otherwise: on invitation.")
        self.fields["site"].queryset = Site.objects.filter(pk__in=[site.pk for site in sites])
        if len(sites) == 1:
            del self.fields["site"]
            self.instance.site = sites[0]
        if self.instance.pk:
            self.initial.setdefault("animators", [user.pk for user in self.instance.animators.all()])
            self.initial |= {
                "kept_for_partner" if quota.office_id else "kept_for_advisors": quota.seats
                for quota in self.instance.quotas.all()
            }
            del self.fields["repeat"], self.fields["times"]
        self.add_halves(sessions)

    def add_halves(self, sessions) -> None:
        for number in range(HALVES):
            self.fields |= {
                f"day_{number}": forms.DateField(label=_("Day"), required=not number, widget=day_input()),
                f"starts_{number}": hour(_("Begins at"), required=not number),
                f"ends_{number}": hour(_("Ends at"), required=not number),
            }
        for number, session in enumerate(sessions[:HALVES]):
            begins = timezone.localtime(session.starts_at)
            self.initial.setdefault(f"day_{number}", begins.date())
            self.initial.setdefault(f"starts_{number}", begins.time())
            self.initial.setdefault(f"ends_{number}", timezone.localtime(session.ends_at).time())

    def rows(self):
        """The fields of each half-day."""
        return [[self[f"{name}_{number}"] for name in ("day", "starts", "ends")] for number in range(HALVES)]

    @property
    def has_more_halves(self) -> bool:
        return any(field.value() or field.errors for row in self.rows()[1:] for field in row)

    def clean(self):
        asked = super().clean()
        # The clocks of the site that is chosen, not of the page: an advisor may work under two.
        self.zone = asked["site"].zone if asked.get("site") else timezone.get_current_timezone()
        before: datetime | None = None
        self.halves: list[tuple[datetime, datetime]] = []
        for number in range(HALVES):
            day, starts, ends = (asked.get(f"{name}_{number}") for name in ("day", "starts", "ends"))
            if number and not (starts or ends):
                continue
            if number and not (starts and ends):
                self.add_error(f"ends_{number}", _("A half-day has a beginning and an end."))
                continue
            day = day or (before.astimezone(self.zone).date() if before else None)
            if not (day and starts and ends):
                continue
            start, end = instant(day, starts, self.zone), instant(day, ends, self.zone)
            if end <= start:
                self.add_error(f"ends_{number}", _("The end comes after the beginning."))
            elif before and start < before:
                self.add_error(f"starts_{number}", _("A half-day begins after the one before."))
            else:
                self.halves.append((start, end))
                before = end
        if asked.get("kind") != Kind.SCHOOL:
            self.instance.establishment = asked["establishment"] = ""
            self.instance.class_level = asked["class_level"] = ""
        elif not asked.get("establishment") and "establishment" in self.fields:
            self.add_error("establishment", _("In which school or training center?"))
        if asked.get("kept_for_partner") and not asked.get("partner"):
            self.add_error("kept_for_partner", _("Choose the partner first."))
        if asked.get("repeat") and not asked.get("times"):
            self.add_error("times", _("How many more times?"))
        if "home" in asked:
            self.place(asked["home"])
        return asked

    def place(self, home) -> None:
        found = self.found_commune
        if found is None and home and home.commune_name:
            named = territories.commune_named(f"{home.postal_code} {home.commune_name}")
            found = named[0] if len(named) == 1 else None
        where = self.instance
        where.address = home.address if home else ""
        where.commune_name = found.name if found else (home.commune_name if home else "")
        where.commune_code = found.code if found else ""
        where.longitude, where.latitude = (home.longitude, home.latitude) if home else (None, None)
        where.territory = "" if where.longitude is None else territory_of(where.longitude, where.latitude)

    def again(self) -> list[list[tuple[datetime, datetime]]]:
        """The same half-days on the other days of the series, at the same hours of the clock."""
        asked = self.cleaned_data
        if not asked.get("repeat"):
            return []
        steps = [timedelta(days=int(asked["repeat"]) * time) for time in range(1, asked["times"] + 1)]
        return [
            [(later(start, step, self.zone), later(end, step, self.zone)) for start, end in self.halves]
            for step in steps
        ]

    def leads(self) -> list[User]:
        """Who leads it, the colleague of another site included."""
        colleague = self.cleaned_data.get("colleague")
        return [*self.cleaned_data["animators"], *([colleague] if colleague else [])]

    def kept(self) -> dict[int | None, int]:
        asked = self.cleaned_data
        kept: dict[int | None, int] = {}
        if asked.get("kept_for_advisors"):
            kept[None] = asked["kept_for_advisors"]
        if asked.get("kept_for_partner"):
            kept[asked["partner"].pk] = asked["kept_for_partner"]
        return kept


def of_place(workshop: Workshop) -> dict[str, object]:
    return {
        "address": workshop.address,
        "commune": workshop.commune_name,
        "longitude": workshop.longitude,
        "latitude": workshop.latitude,
    }


def later(moment: datetime, step: timedelta, zone: tzinfo) -> datetime:
    local = timezone.localtime(moment, zone)
    return instant(local.date() + step, local.time(), zone)


class CallingOff(forms.Form):
    because = people.words(
        _("What people are told"),
        300,
        required=False,
        help_text=_("In the message to those who registered: why, and what comes instead."),
    )
