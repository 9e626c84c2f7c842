"""The door of a partner: one link, no account, no session."""

from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.template.response import TemplateResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from citeslab.core.values import origin
from citeslab.referrals import forms, queries, services
from citeslab.referrals.enums import Access
from citeslab.referrals.models import PROGRESS

LANGUAGES = ("fr", "en")


def private_link(view):
    """No referrer, no robot, no cache, no cookie; the language is in the address (`?langue=en`)."""

    @wraps(view)
    def guarded(request, *args, **options):
        if request.GET.get("langue") in LANGUAGES:
            translation.activate(request.GET["langue"])
            request.LANGUAGE_CODE = translation.get_language()
        response = view(request, *args, **options)
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex, nofollow"
        response["Cache-Control"] = "no-store, private"
        return response

    return guarded


# Forgery needs the secret, and who has the secret needs no forgery; besides, a page that says "no-referrer" sends
# "Origin: null", which the usual check refuses.
@login_not_required
@csrf_exempt
@private_link
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request, secret):
    """What the link opens. A GET shows who writes and changes nothing, for mail scanners follow links too."""
    at = timezone.now()
    link = queries.link_of(secret)
    if link is None or request.method == "POST":
        try:
            services.knock(link=link, address=origin(request.META), at=at)
        except services.TooMany as refusal:
            return page(request, "too_many", status=429, refusal=str(refusal))
    if link is None:
        return page(request, "unknown", status=404)
    if request.method == "POST" and request.POST.get("act") == "renew":
        services.renew(link=link, at=at)
        return page(request, "renewed")
    opens = queries.access_by(link, at=at)
    if opens != Access.OPEN:
        return page(
            request, "closed" if opens == Access.CLOSED else "expired", status=410, replaced=opens == Access.REPLACED
        )
    if request.method != "POST":
        return page(request, "landing", link=link, referral=link.referral)
    try:
        return ACTS.get(request.POST.get("act", ""), opening)(request, link, at)
    except services.LinkClosed:  # closed between the look and the act
        return page(request, "expired", status=410)


def opening(request, link, at):
    """The sheet: the first time is noted."""
    services.open_sheet(link=link, at=at)
    return sheet(request, link, at)


def answering(request, link, at):
    """One answer."""
    kind = request.POST.get("kind", "")
    if kind not in forms.REPLIES:
        return opening(request, link, at)
    form = forms.REPLIES[kind](request.POST, prefix=kind.lower())
    if not form.is_valid():
        return sheet(request, link, at, failed=form, status=422)
    try:
        services.answer(link=link, at=at, **form.said())
    except services.REFUSALS as refusal:
        form.show(refusal)
        return sheet(request, link, at, failed=form, status=422)
    return sheet(request, link, at, thanks=_("Thank you. Your answer is written, and her advisor is told."))


def taking_back(request, link, at):
    try:
        services.take_back(link=link, at=at)
    except services.NotPossible as refusal:
        return sheet(request, link, at, refusal=str(refusal), status=422)
    return sheet(request, link, at, thanks=_("Your last answer is taken back. You can answer again."))


ACTS = {"open": opening, "answer": answering, "take-back": taking_back}


def sheet(request, link, at, *, failed=None, status=200, **told):
    """The sheet, what may be answered now, and the history that both sides wrote."""
    referral = link.referral
    referral.refresh_from_db(fields=["open_until"])
    history = queries.history(referral)
    standing = [one for one in history if one.withdrawn_at is None]
    state = standing[-1].kind if standing else None
    today = timezone.localdate(at)
    return page(
        request,
        "sheet",
        status=status,
        link=link,
        referral=referral,
        history=history,
        state=state,
        replies=forms.replies_to(state, today=today, failed=failed),
        failed=failed,
        may_take_back=bool(standing) and standing[-1].kind in PROGRESS and standing[-1].contact_id is not None,
        on=today,
        **told,
    )


def page(request, name, *, status=200, **context):
    """`csrf_token` is emptied: no cookie is set, and the language is changed by an address."""
    other = "en" if translation.get_language() == "fr" else "fr"
    context |= {"csrf_token": "", "other_language": other}
    return TemplateResponse(request, f"referrals/partner/{name}.html", context, status=status)
