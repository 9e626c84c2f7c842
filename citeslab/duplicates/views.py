"""Doors of the duplicates room: the list, a pair, questions between sites, joins and their undoing."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from citeslab.audit import services as audit
from citeslab.core.values import whole_number
from citeslab.duplicates import forms, queries, rules
from citeslab.duplicates.models import Inquiry, Join, JoinRequest, Likeness
from citeslab.duplicates.services import asking, joining
from citeslab.network.models import Site
from citeslab.people.models import Person, Residence

PAIRS_ON_A_PAGE = 20
LATEST = 5
NEARBY_SHOWN = 4


@require_safe
def likenesses(request):
    """Files that look like one person's, the likeliest first; questions between sites; the latest joins."""
    on = timezone.localdate()
    sites = queries.visible_sites(request.user, on=on)
    if not sites:
        raise Http404
    pairs = Likeness.objects.shown_to(request.user, on=on).select_related("first__site", "second__site")
    page = Paginator(pairs.order_by("-bits", "pk"), PAIRS_ON_A_PAGE).get_page(request.GET.get("page"))
    requests = JoinRequest.objects.open().visible_to(request.user, on=on)
    requests = requests.select_related("ours", "theirs", "asking_site", "asked_site")
    joins = Join.objects.standing().visible_to(request.user, on=on)
    return TemplateResponse(
        request,
        "duplicates/likenesses.html",
        {
            "page": page,
            "pairs": [pair_for(likeness, sites) for likeness in page],
            "requests": [request_for(one, sites) for one in requests.order_by("-asked_at", "-pk")],
            "joins": joins.select_related("joined_by").order_by("-joined_at", "-pk")[:LATEST],
        },
    )


def pair_for(likeness, sites):
    """A pair as who sees these sites may see it: both files, or hers and the other site's name."""
    both = [person for person in (likeness.first, likeness.second) if person.site_id in sites]
    other = next((person for person in (likeness.first, likeness.second) if person.site_id not in sites), None)
    return {"likeness": likeness, "files": both, "elsewhere": other.site if other else None}


def request_for(one, sites):
    """A question as who sees these sites may see it: her own file, and which site is at the other end."""
    is_asked = one.asked_site_id in sites
    mine = one.theirs if is_asked else one.ours
    return {
        "request": one,
        "mine": mine,
        "other": one.asking_site if is_asked else one.asked_site,
        "is_asked": is_asked,
    }


def shown_pair(request, pk):
    on = timezone.localdate()
    pairs = Likeness.objects.shown_to(request.user, on=on).select_related("first__site", "second__site")
    likeness = get_object_or_404(pairs, pk=pk)
    return likeness, pair_for(likeness, queries.visible_sites(request.user, on=on))


def both_or_404(request, pk):
    likeness, pair = shown_pair(request, pk)
    if pair["elsewhere"]:
        raise Http404
    contacts = queries.last_contacts([likeness.first_id, likeness.second_id])
    kept, gone = rules.which_stays(likeness.first, likeness.second, contacts)
    return likeness, kept, gone, contacts


def join_form(kept, gone, data=None):
    homes = Residence.objects.standing().filter(person__in=[kept.pk, gone.pk], ends_on=None)
    return forms.Join(data, kept=kept, gone=gone, addresses={home.person_id: home for home in homes})


@require_safe
def pair(request, pk):
    """Two files side by side when both are hers; else her own, and the site to ask."""
    likeness, shown = shown_pair(request, pk)
    if shown["elsewhere"]:
        (mine,) = shown["files"]
        audit.record("people.person.read", mine, by=request.user, at=timezone.now())
        return TemplateResponse(
            request, "duplicates/elsewhere.html", {"likeness": likeness, "mine": mine, "other": shown["elsewhere"]}
        )
    return side_by_side(request, pk)


def side_by_side(request, pk, *, form=None, apart=None, refusal="", status=200):
    likeness, kept, gone, contacts = both_or_404(request, pk)
    for person in (kept, gone):
        audit.record("people.person.read", person, by=request.user, at=timezone.now())
    return TemplateResponse(
        request,
        "duplicates/pair.html",
        {
            "likeness": likeness,
            "kept": kept,
            "gone": gone,
            "kept_met": contacts.get(kept.pk),
            "gone_met": contacts.get(gone.pk),
            "on": timezone.localdate(),
            "form": form or join_form(kept, gone),
            "apart": apart or forms.Difference(),
            "refusal": refusal,
        },
        status=status,
    )


@require_POST
def join_creation(request, pk):
    """Join the two files with the values chosen."""
    _likeness, kept, gone, _contacts = both_or_404(request, pk)
    form = join_form(kept, gone, request.POST)
    if not form.is_valid():
        return side_by_side(request, pk, form=form, status=422)
    try:
        made = joining.join(
            kept=kept,
            gone=gone,
            taken=form.taken,
            seen=form.cleaned_data["seen"],
            by=request.user,
            at=timezone.now(),
        )
    except (joining.ChangedSince, joining.CannotJoin) as refusal:
        return side_by_side(request, pk, refusal=str(refusal), status=422)
    messages.success(request, _("The two files are one. If it was a mistake, it can be undone here."))
    return redirect("duplicates:join", made.pk)


@require_POST
def difference(request, pk):
    """Say that they are two people."""
    likeness, _kept, _gone, _contacts = both_or_404(request, pk)
    form = forms.Difference(request.POST)
    if not form.is_valid():
        return side_by_side(request, pk, apart=form, status=422)
    asking.say_apart(
        one=likeness.first,
        other=likeness.second,
        reason=form.cleaned_data["reason"],
        by=request.user,
        at=timezone.now(),
    )
    messages.success(request, _("They are two people: this pair will not be proposed again."))
    return redirect("duplicates:likenesses")


@require_POST
def question(request, pk):
    """Ask the other site of a likeness."""
    likeness, shown = shown_pair(request, pk)
    if not shown["elsewhere"]:
        raise Http404
    (mine,) = shown["files"]
    asked = asking.ask_about(likeness=likeness, ours=mine, by=request.user, at=timezone.now())
    messages.success(request, _("Your question is sent: both sites see it."))
    return redirect("duplicates:request", asked.pk)


# -- while a new file is written


@require_POST
def while_typing(request):
    """Her own site's likely files; of another site, that one may exist, and nothing of it.

    It is a POST, so that names stay out of addresses.
    """
    on, at = timezone.localdate(), timezone.now()
    sites = queries.visible_sites(request.user, on=on)
    if not sites:
        raise Http404
    typed = forms.Typed(request.POST).traits()
    nearby, inquiry, refusal = [], None, ""
    if typed.first and typed.family:
        ours = Person.objects.named().filter(site__in=sites)
        found = queries.likenesses_of(typed, among=ours, from_bits=queries.NEARBY_FROM)[:NEARBY_SHOWN]
        people = ours.select_related("site").in_bulk([one.person for one in found])
        contacts = queries.last_contacts(people)
        nearby = [
            {
                "person": people[one.person],
                "age": forms.age_band(people[one.person], on),
                "last_contact": contacts.get(one.person),
            }
            for one in found
        ]
        try:
            inquiry = asking.inquire(typed=typed, by=request.user, at=at)
        except asking.AskedTooOften as limit:
            refusal = str(limit)
    return TemplateResponse(
        request,
        "duplicates/while_typing.html",
        {
            "nearby": nearby,
            "inquiry": inquiry,
            "elsewhere": inquiry.found.site if inquiry else None,
            "refusal": refusal,
            "on": on,
        },
    )


@require_POST
def asked_while_typing(request, pk):
    """Ask the site that may hold a file; the new one is attached once it is saved."""
    on = timezone.localdate()
    inquiry = get_object_or_404(
        Inquiry.objects.exclude(found=None).select_related("found__site"), pk=pk, asked_by=request.user
    )
    hers = Site.objects.with_names_for(request.user, on=on).order_by("sort_key")
    site = hers.filter(pk=whole_number(request.POST.get("site", ""))).first() or hers.first()
    if site is None or site.pk == inquiry.found.site_id:
        raise Http404
    asked = asking.ask(inquiry=inquiry, site=site, by=request.user, at=timezone.now())
    if request.htmx:
        return TemplateResponse(request, "duplicates/asked.html", {"request_made": asked})
    messages.success(request, _("Your question is sent: both sites see it."))
    return redirect("duplicates:request", asked.pk)


# -- questions between sites


def question_or_404(request, pk):
    on = timezone.localdate()
    asked = JoinRequest.objects.visible_to(request.user, on=on)
    found = get_object_or_404(asked.select_related("ours", "theirs", "asking_site", "asked_site", "asked_by"), pk=pk)
    return found, queries.visible_sites(request.user, on=on)


@require_safe
def request_page(request, pk):
    """A question between two sites: her own file, who said yes, what remains to do."""
    return question_page(request, pk)


def question_page(request, pk, *, apart=None, refusal="", status=200):
    asked, sites = question_or_404(request, pk)
    given = {one.site_id: one for one in asked.agreements.select_related("given_by")}
    mine = [person for person in (asked.ours, asked.theirs) if person and person.site_id in sites]
    for person in mine:
        audit.record("people.person.read", person, by=request.user, at=timezone.now())
    is_asked = asked.asked_site_id in sites
    return TemplateResponse(
        request,
        "duplicates/request.html",
        {
            "asked": asked,
            "mine": mine,
            "is_asked": is_asked,
            "other": asked.asking_site if is_asked else asked.asked_site,
            "sides": [
                {"site": site, "agreement": given.get(site.pk)} for site in (asked.asking_site, asked.asked_site)
            ],
            "has_agreed": all(site in given for site in rules.sides_of(asked, request.user, on=timezone.localdate())),
            "apart": apart or forms.Difference(),
            "refusal": refusal,
        },
        status=status,
    )


@require_POST
def agreement(request, pk):
    """Give her side's yes; with the other's, the files are joined."""
    asked, _sites = question_or_404(request, pk)
    try:
        made = asking.agree(request=asked, by=request.user, at=timezone.now())
    except (asking.NoFileYet, joining.AlreadyJoined, joining.CannotJoin) as refusal:
        return question_page(request, pk, refusal=str(refusal), status=422)
    if made is None:
        messages.success(request, _("Your yes is noted. The files are joined once the other site says yes too."))
        return redirect("duplicates:request", pk)
    messages.success(request, _("The two files are one. If it was a mistake, it can be undone here."))
    return redirect("duplicates:join", made.pk)


@require_POST
def request_difference(request, pk):
    """Answer no: they are two people."""
    asked, _sites = question_or_404(request, pk)
    form = forms.Difference(request.POST)
    if not form.is_valid():
        return question_page(request, pk, apart=form, status=422)
    if asked.ours is None:
        asking.close(request=asked, by=request.user, at=timezone.now())
    else:
        asking.say_apart(
            one=asked.ours, other=asked.theirs, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now()
        )
    messages.success(request, _("They are two people: this pair will not be proposed again."))
    return redirect("duplicates:likenesses")


@require_POST
def request_closure(request, pk):
    """Close a question without an answer."""
    asked, _sites = question_or_404(request, pk)
    asking.close(request=asked, by=request.user, at=timezone.now())
    messages.success(request, _("The question is closed."))
    return redirect("duplicates:likenesses")


# -- joins


@require_safe
def join(request, pk):
    """What a join did, and its undoing."""
    return join_page(request, pk)


def join_page(request, pk, *, refusal="", status=200):
    on = timezone.localdate()
    made = get_object_or_404(
        Join.objects.visible_to(request.user, on=on).select_related(
            "kept_site", "gone_site", "joined_by", "agreed_by", "undone_by"
        ),
        pk=pk,
    )
    kept = Person.objects.visible_to(request.user, on=on).filter(pk=queries.leads_to(made.gone_key) or 0).first()
    moved = sum(len(step["keys"]) for step in made.steps if step["act"] == "move")
    return TemplateResponse(
        request,
        "duplicates/join.html",
        {"join": made, "kept": kept, "moved": moved, "refusal": refusal},
        status=status,
    )


@require_POST
def join_undoing(request, pk):
    """Part the files again."""
    made = get_object_or_404(Join.objects.visible_to(request.user, on=timezone.localdate()), pk=pk)
    try:
        joining.undo(join=made, by=request.user, at=timezone.now())
    except (joining.JoinedOnceMore, joining.CannotUndo) as refusal:
        return join_page(request, pk, refusal=str(refusal), status=422)
    messages.success(
        request, _("The files are two again, as they were. What was noted since stays with the file kept.")
    )
    return redirect("duplicates:join", pk)
