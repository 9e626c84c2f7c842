"""The space of the person herself, without an account: apart from the staff's sessions, and seen by no cache."""

from functools import wraps

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from citeslab.audit import services as audit
from citeslab.core.values import origin
from citeslab.rights import definitions, exports, forms, queries, services, values
from citeslab.rights.enums import Purpose, Said, Way, Wish
from citeslab.rights.models import SESSION

COOKIE, SALT = "citeslab_space", "citeslab.rights.space"
PATH = "/mes-donnees/"
TOLD_APART = {"rights.consent", "rights.correctionrequest", "rights.closing"}  # each has its own place on her page


def for_her_eyes(view):
    """Open to who has no account; kept by no cache, found by no search engine.

    The site's `Referrer-Policy` (same-origin) tells other sites nothing; a stricter one would make browsers post
    forms from the origin "null", which is refused as forged.
    """

    @wraps(view)
    def private(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        add_never_cache_headers(response)
        response["X-Robots-Tag"] = "noindex"
        return response

    return login_not_required(private)


def visit_of(request):
    key = request.get_signed_cookie(COOKIE, default=None, salt=SALT, max_age=SESSION)
    return queries.visit(key, at=timezone.now())


def in_her_space(view):
    """Only while her space is open; otherwise back to its door."""

    @for_her_eyes
    @wraps(view)
    def entered(request, *args, **kwargs):
        visit = visit_of(request)
        if visit is None:
            return redirect("rights:door")
        return view(request, visit, *args, **kwargs)

    return entered


@for_her_eyes
@require_http_methods(["GET", "HEAD", "POST"])
def door(request):
    """The way in: a code, and something she knows."""
    if request.method != "POST" and visit_of(request) is not None:
        return redirect("rights:file")
    form = forms.Code(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            visit = services.open_space(**form.cleaned_data, origin=origin(request.META), at=timezone.now())
        except (services.WrongCode, services.TooManyAttempts) as refusal:
            form.add_error(None, str(refusal))
            status = 429 if isinstance(refusal, services.TooManyAttempts) else 422
        else:
            response = redirect("rights:file")
            response.set_signed_cookie(
                COOKIE,
                str(visit.pk),
                salt=SALT,
                max_age=SESSION,
                path=PATH,
                httponly=True,
                samesite="Lax",
                secure=settings.SECURE,
            )
            return response
    return TemplateResponse(
        request, "rights/space/door.html", {"form": form}, status=422 if form.errors and status == 200 else status
    )


@for_her_eyes
@require_http_methods(["GET", "HEAD", "POST"])
def asking(request):
    """A code by message: whoever asks gets the same answer."""
    form = forms.Asking(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            services.ask_code(**form.cleaned_data, origin=origin(request.META), at=timezone.now())
        except services.TooManyAttempts as refusal:
            form.add_error(None, str(refusal))
            status = 429
        else:
            return TemplateResponse(request, "rights/space/asked.html")
    return TemplateResponse(
        request, "rights/space/asking.html", {"form": form}, status=422 if form.errors and status == 200 else status
    )


@for_her_eyes
@require_safe
def information(request):
    """What is kept, why, how long, and what one may ask: the text that advisors give."""
    return TemplateResponse(
        request, "rights/space/information.html", {"version": values.month_of(definitions.NOTICE_VERSION)}
    )


@in_her_space
@require_safe
def file(request, visit):
    return shown(request, visit)


def shown(request, visit, *, form=None, status=200):
    """Her file: who she is, her story, what she agreed to, who read it, what she may ask."""
    on = timezone.localdate()
    person = visit.person
    return TemplateResponse(
        request,
        "rights/space/file.html",
        {
            "person": person,
            "card": queries.card(person, on=on),
            "sections": [section for section in exports.sections(person) if section.name not in TOLD_APART],
            "readings": queries.readings(person),
            "requests": person.correction_requests.select_related("answered_by").order_by("-asked_at", "-pk"),
            "form": form or forms.Request(),
            "ends_on": queries.end_of(queries.last_contact_on(person, on=on)),
        },
        status=status,
    )


@in_her_space
@require_POST
def consent(request, visit):
    """Take back an agreement, or give it, at once."""
    form = forms.Agreed(request.POST)
    if not form.is_valid():
        raise Http404
    at = timezone.now()
    services.say_consent(
        person=visit.person,
        purpose=Purpose(form.cleaned_data["purpose"]),
        said=Said(form.cleaned_data["said"]),
        way=Way.SPACE,
        by=services.herself(at=at),
        at=at,
    )
    messages.success(request, _("It is done, from now on."))
    return redirect("rights:file")


@in_her_space
@require_POST
def request(request, visit):
    """Ask to correct or to erase."""
    form = forms.Request(request.POST)
    if not form.is_valid():
        return shown(request, visit, form=form, status=422)
    services.ask_correction(
        person=visit.person, wish=Wish(form.cleaned_data["wish"]), text=form.cleaned_data["text"], at=timezone.now()
    )
    messages.success(request, _("Your advisor has your request. The answer comes here, within a month."))
    return redirect("rights:file")


@in_her_space
@require_POST
def still_in_touch(request, visit):
    """She says that she is still working on her idea: her file stays open."""
    at = timezone.now()
    services.say_still_in_touch(
        person=visit.person,
        reason=_("Said by the person in her space."),
        way=Way.SPACE,
        by=services.herself(at=at),
        at=at,
    )
    messages.success(request, _("Thank you. Your file stays open, and your advisor knows."))
    return redirect("rights:file")


@in_her_space
@require_safe
def download(request, visit, shape):
    """All of it, as JSON or as PDF."""
    at, person = timezone.now(), visit.person
    if shape == "json":
        content, kind = exports.as_json(person, at=at), "application/json"
    elif shape == "pdf":
        content, kind = exports.as_pdf(person, at=at)[0], "application/pdf"
    else:
        raise Http404
    audit.record("rights.file.downloaded", person, by=services.herself(at=at), at=at, shape=shape)
    name = _("my-file-%(day)s") % {"day": timezone.localdate(at).isoformat()}
    headers = {
        "Content-Disposition": f'attachment; filename="{name}.{shape}"',
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(content, content_type=kind, headers=headers)


@for_her_eyes
@require_POST
def leaving(request):
    """Leave: the space is closed for whoever takes the phone next."""
    visit = visit_of(request)
    if visit is not None:
        services.leave(visit=visit, at=timezone.now())
    response = redirect("rights:door")
    response.delete_cookie(COOKIE, path=PATH, samesite="Lax")
    return response
