"""Doors of instalments: planned, agreed, paid, justified, taken back."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from citeslab.funding import forms, queries, services
from citeslab.funding.models import Agreement, Instalment
from citeslab.funding.views.agreements import written


def instalment_written(request, pk):
    hers = Agreement.objects.written_by(request.user, on=timezone.localdate())
    found = Instalment.objects.standing().filter(agreement__in=hers)
    return get_object_or_404(found.select_related("agreement__funder", "agreement__organization"), pk=pk)


@require_http_methods(["GET", "POST"])
def new_instalment(request, pk):
    """One more part of the promise."""
    agreement = written(request, pk)
    form = forms.NewInstalment(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            services.plan_instalment(
                agreement=agreement,
                due_on=said["due_on"],
                amount_cents=said["amount"],
                by=request.user,
                at=timezone.now(),
            )
        except services.AbovePromise as refusal:
            form.add_error("amount", str(refusal))
        else:
            messages.success(request, _("The instalment is planned."))
            return redirect(agreement)
    page = {"form": form, "agreement": agreement}
    return TemplateResponse(request, "funding/new_instalment.html", page, status=422 if form.errors else 200)


@require_safe
def instalment(request, pk):
    """Where it stands, and its next step."""
    return shown(request, instalment_written(request, pk))


def shown(request, found, *, approval=None, payment=None, justification=None, status=200):
    on = timezone.localdate()
    told = queries.told(found, on=on)
    return TemplateResponse(
        request,
        "funding/instalment.html",
        {
            "told": told,
            "agreement": found.agreement,
            "approval": approval or forms.Step(initial={"reached_on": on, "amount": found.amount_cents}),
            "payment": payment or forms.NewPayment(initial={"paid_on": on}),
            "justification": justification or forms.Step(initial={"reached_on": on, "amount": told.paid_cents or None}),
        },
        status=status,
    )


def acted(request, found, said):
    messages.success(request, said)
    return redirect("funding:instalment", found.pk)


def overtaken(request, found, refusal):
    """Someone was quicker: the page has moved on and has no such form any more, so it says who did what."""
    messages.error(request, str(refusal))
    return shown(request, found, status=409)


def withdrawn(request, found, refusal):
    """There is no page of it any more: that of its agreement says so."""
    messages.error(request, str(refusal))
    return redirect(found.agreement)


def stepped(request, pk, act, *, name, said):
    """A step of the funder, with its day and its amount; `name` is that of its form on the page."""
    found = instalment_written(request, pk)
    form = forms.Step(request.POST)
    if form.is_valid():
        try:
            act(
                instalment=found,
                reached_on=form.cleaned_data["reached_on"],
                amount_cents=form.cleaned_data["amount"],
                by=request.user,
                at=timezone.now(),
            )
        except services.AboveInstalment as refusal:
            form.add_error("amount", str(refusal))
        except (services.AlreadyPaid, services.NotPaid) as refusal:
            return overtaken(request, found, refusal)
        except services.InstalmentGone as refusal:
            return withdrawn(request, found, refusal)
        else:
            return acted(request, found, said)
    return shown(request, found, **{name: form}, status=422)


@require_POST
def approval(request, pk):
    """The funder agreed to pay so much."""
    return stepped(request, pk, services.agree, name="approval", said=_("The funder’s agreement is recorded."))


@require_POST
def payment(request, pk):
    """The money came."""
    found = instalment_written(request, pk)
    form = forms.NewPayment(request.POST)
    if form.is_valid():
        try:
            services.pay(
                instalment=found,
                amounts=form.amounts,
                paid_on=form.cleaned_data["paid_on"],
                by=request.user,
                at=timezone.now(),
            )
        except services.NotSigned as refusal:
            form.add_error("paid_on", str(refusal))
        except services.AlreadyPaid as refusal:
            return overtaken(request, found, refusal)
        except services.InstalmentGone as refusal:
            return withdrawn(request, found, refusal)
        except services.AboveInstalment as refusal:
            form.add_error(None, str(refusal))
        else:
            return acted(request, found, _("The payment is recorded."))
    return shown(request, found, payment=form, status=422)


@require_POST
def justification(request, pk):
    """The funder took the accounts."""
    return stepped(request, pk, services.justify, name="justification", said=_("The instalment is justified."))


@require_POST
def taking_back(request, pk):
    """The last step was a mistake."""
    found = instalment_written(request, pk)
    services.take_back(instalment=found, by=request.user, at=timezone.now())
    return acted(request, found, _("The last step is taken back. It stays in the journal."))


@require_POST
def instalment_withdrawal(request, pk):
    """It is not due any more."""
    found = instalment_written(request, pk)
    try:
        services.withdraw_instalment(instalment=found, by=request.user, at=timezone.now())
    except services.StandsOnIt as refusal:
        messages.error(request, str(refusal))
        return redirect("funding:instalment", found.pk)
    messages.success(request, _("The instalment is withdrawn."))
    return redirect(found.agreement)
