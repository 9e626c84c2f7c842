"""Doors of the pathway: the note, the steps, the plan, the silences, the news asked later."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from citeslab.core.values import whole_number
from citeslab.followup import forms, queries, services, values
from citeslab.followup.enums import Evidence, Outcome
from citeslab.followup.models import LONGEST_NOTE, LaterNews, Meeting, NextStep, NoNewsProposal, PlanStep, Transition
from citeslab.followup.signals import appointment_wanted
from citeslab.network.models import Site
from citeslab.people.models import Person

LINES_ON_A_PAGE = 25


def visible_person(request, pk) -> Person:
    seen = Person.objects.visible_to(request.user, on=timezone.localdate())
    return get_object_or_404(seen.select_related("site"), pk=pk)


@require_http_methods(["GET", "POST"])
def note(request, pk):
    """Write a note after a meeting. A phone that sends it by itself is answered in JSON."""
    person, at = visible_person(request, pk), timezone.now()
    today = timezone.localdate(at)
    projects = list(person.projects.order_by("-started_on", "-pk"))
    project = asked_project(request, person, projects, today)
    answers = appointment_wanted.send(sender=Person, person=person, user=request.user, at=at)
    form = forms.Note(
        request.POST or None,
        writer=request.user.pk,
        person=person,
        today=today,
        project=project,
        current=queries.current_step(person, project=project, on=today),
        last=queries.last_meeting(person),
        planned=queries.open_step(person),
        appointment=next((answer for _receiver, answer in answers if answer), {}),
        asked=queries.fse_asked(person, on=today),
    )
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["writer"] != request.user.pk:
            form.add_error(None, _("This note was begun by another account. Sign in with it to save the note."))
        else:
            try:
                gesture = services.write_note(
                    person=person,
                    project=next((one for one in projects if one.pk == project), None),
                    by=request.user,
                    at=at,
                    **form.gesture(),
                )
            except services.StageMovedMeanwhile as refusal:
                form.add_error("stage", str(refusal))
                form.show(refusal.step)
            except (services.NotYetHappened, services.KeyOfAnother) as refusal:
                form.add_error(None, str(refusal))
            else:
                return kept(request, person, gesture)
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"errors": form.errors}, status=422)
    return TemplateResponse(
        request,
        "followup/note.html",
        {
            "form": form,
            "person": person,
            "projects": projects,
            "project": next((one for one in projects if one.pk == project), None),
            "today": today,
            "text_attributes": {
                "aria-describedby": "id_text_helptext",
                "hx-post": reverse("followup:attention", args=[person.pk]),
                "hx-trigger": "input changed delay:900ms",
                "hx-target": "#attention",
                "hx-params": "text",
            },
        },
        status=422 if form.errors else 200,
    )


def asked_project(request, person, projects, today) -> int | None:
    """The pathway that the note is about: the one asked, else the one that moved last, else the latest project."""
    said = request.POST.get("project", "") if request.method == "POST" else request.GET.get("projet", "")
    asked = whole_number(said)
    if asked in {one.pk for one in projects}:
        return asked
    if request.method == "POST":
        return None
    latest = queries.latest_step(person, on=today)
    if latest:
        return latest.project_id
    return projects[0].pk if projects else None


def kept(request, person, gesture):
    """The note is kept: say so, say what it seems to speak of, and go back to her file."""
    messages.success(request, _("The note for %(name)s is kept.") % {"name": person.name})
    text = request.POST.get("text", "")
    if found := values.attention(text):
        messages.warning(request, warning(found, person))
    url = reverse("desk:person", args=[person.pk])
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"url": url})
    return redirect(url)


def warning(found, person) -> str:
    subjects = {
        "health": _("health"),
        "origin": _("origin"),
        "religion": _("religion"),
        "justice": _("justice"),
        "social_security_number": _("a social-security number"),
    }
    said = ", ".join(f"{subjects[one.subject]} ({one.word})" if one.word else subjects[one.subject] for one in found)
    return _("This note seems to speak of: %(said)s. %(name)s can read it. Keep it only if you would tell her so.") % {
        "said": said,
        "name": person.first_name,
    }


@require_POST
def attention(request, pk):
    """What a text being written seems to speak of. Nothing is kept."""
    person = visible_person(request, pk)
    found = values.attention(request.POST.get("text", "")[:LONGEST_NOTE])
    said = warning(found, person) if found else ""
    return TemplateResponse(request, "followup/attention.html", {"said": said})


@require_http_methods(["GET", "POST"])
def words(request, pk, meeting):
    """Correct the words of a note."""
    person = visible_person(request, pk)
    meeting = get_object_or_404(Meeting.objects.standing(), pk=meeting, person=person)
    standing = queries.notes_of(person).get(meeting.pk)
    form = forms.Words(request.POST or None, initial={"text": standing.text if standing else ""})
    if request.method == "POST" and form.is_valid():
        services.correct_note(
            meeting=meeting, text=form.cleaned_data["text"].strip(), by=request.user, at=timezone.now()
        )
        messages.success(request, _("The note is corrected; the former words are taken back."))
        return redirect("desk:person", person.pk)
    page = {"form": form, "person": person, "meeting": meeting}
    return TemplateResponse(request, "followup/words.html", page, status=422 if form.errors else 200)


@require_POST
def next_step(request, pk, step):
    """What was planned is done, or dropped."""
    found = get_object_or_404(NextStep.objects.standing(), person=visible_person(request, pk), pk=step)
    outcome = Outcome.DROPPED if "dropped" in request.POST else Outcome.DONE
    services.settle_next_step(step=found, outcome=outcome, by=request.user, at=timezone.now())
    messages.success(request, _("Noted. Nothing else is planned with her for now."))
    return redirect("desk:person", pk)


@require_http_methods(["GET", "POST"])
def steps(request, pk):
    """The path: each step with who, when and what it rests on; one more step without a meeting."""
    person, at = visible_person(request, pk), timezone.now()
    today = timezone.localdate(at)
    projects = list(person.projects.order_by("-started_on", "-pk"))
    latest = queries.latest_step(person, on=today)
    form = forms.Step(
        request.POST or None,
        today=today,
        projects=projects,
        initial={
            "project": latest.project_id if latest else projects[0].pk if projects else None,
            "stage": latest.stage if latest else None,
            "exit_reason": latest.exit_reason if latest else "",
            "occurred_on": today,
            "evidence": Evidence.DECLARED,
        },
    )
    if request.method == "POST" and form.is_valid() and record_step(request, form, person, projects, at):
        messages.success(request, _("The step is recorded."))
        return redirect("followup:steps", person.pk)
    page = {"form": form, "person": person, "steps": queries.steps_with_history(person)}
    return TemplateResponse(request, "followup/steps.html", page, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def step(request, pk, step):
    """Correct a step: the wrong one is withdrawn, the right one recorded in its place."""
    person, at = visible_person(request, pk), timezone.now()
    wrong = get_object_or_404(Transition.objects.standing().filter(person=person).select_related("project"), pk=step)
    projects = list(person.projects.order_by("-started_on", "-pk"))
    form = forms.Step(
        request.POST or None,
        today=timezone.localdate(at),
        projects=projects,
        initial={
            "project": wrong.project_id,
            "stage": wrong.stage,
            "exit_reason": wrong.exit_reason,
            "occurred_on": wrong.occurred_on,
            "evidence": wrong.evidence,
            "siret": wrong.siret,
        },
    )
    if request.method == "POST" and form.is_valid() and record_step(request, form, person, projects, at, wrong):
        messages.success(request, _("The step is corrected; the former one is taken back."))
        return redirect("followup:steps", person.pk)
    page = {"form": form, "person": person, "step": wrong}
    return TemplateResponse(request, "followup/step.html", page, status=422 if form.errors else 200)


def record_step(request, form, person, projects, at, corrects=None) -> Transition | None:
    said = form.cleaned_data
    project = next((one for one in projects if one.pk == said.get("project")), None)
    try:
        return services.record_step(
            person=person,
            project=project,
            occurred_on=said["occurred_on"],
            stage=said["stage"],
            exit_reason=said["exit_reason"],
            evidence=said["evidence"],
            siret=said["siret"],
            corrects=corrects,
            by=request.user,
            at=at,
        )
    except (services.NotASiret, services.NotYetHappened) as refusal:
        form.add_error(None, str(refusal))
        return None


@require_POST
def withdrawal(request, pk, step):
    """A step recorded by mistake is taken back, or put back."""
    person = visible_person(request, pk)
    found = get_object_or_404(Transition, person=person, pk=step)
    if "put_back" in request.POST:
        services.put_back_step(step=found, by=request.user, at=timezone.now())
        messages.success(request, _("The step is put back as it was."))
    else:
        services.take_back_step(step=found, by=request.user, at=timezone.now())
        messages.success(request, _("The step is taken back. It stays below, and can be put back."))
    return redirect("followup:steps", person.pk)


@require_http_methods(["GET", "POST"])
def plan(request, pk):
    """Her plan: its steps, and one more."""
    person = visible_person(request, pk)
    form = forms.PlanStep(request.POST or None)
    if request.method == "POST" and form.is_valid():
        latest = queries.latest_step(person, on=timezone.localdate())
        services.add_plan_step(
            person=person, project=latest.project if latest else None, by=request.user, at=timezone.now(),
            **form.cleaned_data,
        )  # fmt: skip
        return redirect("followup:plan", person.pk)
    page = {"form": form, "person": person, "plan": queries.plan_of(person), "on": timezone.localdate()}
    return TemplateResponse(request, "followup/plan.html", page, status=422 if form.errors else 200)


@require_POST
def plan_step(request, pk, step):
    """A step of the plan is done, dropped, or to do again."""
    found = get_object_or_404(PlanStep.objects.standing(), person=visible_person(request, pk), pk=step)
    outcome = {"done": Outcome.DONE, "dropped": Outcome.DROPPED}.get(request.POST.get("outcome", ""))
    services.settle_plan_step(step=found, outcome=outcome, by=request.user, at=timezone.now())
    return redirect("desk:person" if "from_file" in request.POST else "followup:plan", pk)


def sites_of(request) -> list[Site]:
    """The sites whose people this user sees; a page about people does not exist for the others."""
    sites = list(Site.objects.with_names_for(request.user, on=timezone.localdate()))
    if not sites:
        raise Http404
    return sites


@require_safe
def silences(request):
    """Closings proposed, each with its two answers."""
    found = Paginator(queries.no_news_proposals(sites_of(request)), LINES_ON_A_PAGE)
    page = found.get_page(request.GET.get("page"))
    return TemplateResponse(request, "followup/silences.html", {"page": page, "on": timezone.localdate()})


@require_POST
def silence(request, pk):
    """One tap: she leaves without news, or is still with us."""
    seen = Person.objects.visible_to(request.user, on=timezone.localdate())
    proposal = get_object_or_404(NoNewsProposal.objects.select_related("person"), pk=pk, person__in=seen)
    said = {"name": proposal.person.name}
    if "close" in request.POST:
        services.close_without_news(proposal=proposal, by=request.user, at=timezone.now())
        left = _("%(name)s has left, without news. Her path can be corrected if she comes back.") % said
        path = reverse("followup:steps", args=[proposal.person_id])
        messages.success(request, format_html('{} <a href="{}">{}</a>', left, path, _("See her path")))
    else:
        services.keep_with_us(proposal=proposal, by=request.user, at=timezone.now())
        messages.success(request, _("%(name)s is still with us. Nothing is proposed again for six months.") % said)
    return redirect(request.POST["next"] if request.POST.get("next") in {"/"} else "followup:silences")


@require_safe
def later(request):
    """Who to ask for news, and what became of the news asked: the non-answers beside the answers."""
    sites, on = sites_of(request), timezone.localdate()
    page = Paginator(queries.later_news_due(sites, on), LINES_ON_A_PAGE).get_page(request.GET.get("page"))
    counts = queries.later_news_counts(LaterNews.objects.filter(person__site__in=sites))
    return TemplateResponse(request, "followup/later.html", {"page": page, "counts": counts, "on": on})


@require_http_methods(["GET", "POST"])
def later_news(request, pk):
    """What she answered, or that she did not."""
    on = timezone.localdate()
    seen = Person.objects.visible_to(request.user, on=on)
    news = get_object_or_404(LaterNews.objects.standing().select_related("person", "since"), pk=pk, person__in=seen)
    silent = "no_answer" in request.POST
    told = queries.fse_after(news)
    form = forms.LaterNews(
        None if silent or request.method == "GET" else request.POST,
        asks_fse=queries.asks_fse(news, on=on),
        initial={"labour": told.labour if told else ""},
    )
    if request.method == "POST" and (silent or form.is_valid()):
        said = {"situation": ""} if silent else form.cleaned_data
        services.record_later_news(news=news, by=request.user, at=timezone.now(), **said)
        messages.success(request, _("Kept: no answer this time.") if silent else _("The news is kept. Thank you."))
        return redirect("followup:later")
    page = {"form": form, "news": news, "person": news.person}
    return TemplateResponse(request, "followup/later_news.html", page, status=422 if form.errors else 200)
