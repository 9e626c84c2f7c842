"""Doors of accounts: all of them along an axis, a funder's own, who reads it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from citeslab.audit import services as audit
from citeslab.funding import exports, forms, queries, rules, services
from citeslab.funding.enums import Axis
from citeslab.funding.models import Agreement, Delegate, Funder
from citeslab.funding.views.agreements import as_file

ON_A_PAGE = 25


@require_safe
def accounts(request):
    """Promised, paid and justified along an axis; own funds apart; the same as a file."""
    on = timezone.localdate()
    if not rules.sees_agreements(request.user, on=on):
        raise Http404
    form = forms.AccountsFilter(request.GET, on=on)
    axis, years = form.asked()
    found = queries.accounts(Agreement.objects.written_by(request.user, on=on), by=axis, **years)
    shape = request.GET.get("sous")
    if shape in exports.TYPES:
        audit.record("funding.accounts.exported", by=request.user, at=timezone.now(), axis=axis.value)
        return as_file(exports.of_accounts(found, by=str(axis.label)), shape)
    return TemplateResponse(
        request,
        "funding/accounts.html",
        {
            "form": form,
            "axis": axis,
            "accounts": found,
            "query": request.GET.urlencode(),
            "keeps_funders": rules.keeps_funders(request.user, on=on),
        },
    )


@require_safe
def own_account(request):
    """To the account that she reads; to a choice, when she reads several."""
    on = timezone.localdate()
    if rules.sees_agreements(request.user, on=on):
        return redirect("funding:agreements")
    hers = list(Funder.objects.accounts_visible_to(request.user, on=on).order_by("sort_key", "pk"))
    if not hers:
        if not rules.reads_for_a_funder(request.user, on=on):
            raise Http404
        return TemplateResponse(request, "funding/no_account.html")
    return redirect("funding:account", hers[0].pk)


@require_http_methods(["GET", "POST"])
def funders(request):
    """Who pays; one more."""
    on = timezone.localdate()
    if not rules.keeps_funders(request.user, on=on):
        raise Http404
    form = forms.NewFunder(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.add_funder(**form.cleaned_data, by=request.user, at=timezone.now())
        except services.FunderKnown as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, _("The funder is added."))
            return redirect("funding:account", made.pk)
    found = queries.funders()
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    return TemplateResponse(
        request, "funding/funders.html", {"page": page, "form": form}, status=422 if form.errors else 200
    )


def funder_seen(request, pk):
    """A funder whose account this user reads; another's does not exist for her."""
    return get_object_or_404(Funder.objects.accounts_visible_to(request.user, on=timezone.localdate()), pk=pk)


@require_safe
def account(request, pk):
    """A funder's account: promised, paid, justified, what comes next, what it paid for. No name of anybody helped."""
    return account_shown(request, funder_seen(request, pk))


def account_shown(request, funder, *, form=None, status=200):
    on = timezone.localdate()
    agreements = funder.agreements.all()
    keeps = rules.keeps_funders(request.user, on=on)
    mine = Funder.objects.accounts_visible_to(request.user, on=on).order_by("sort_key", "pk")
    return TemplateResponse(
        request,
        "funding/account.html",
        {
            "funder": funder,
            "others": [] if keeps else [one for one in mine if one != funder],
            "on": on,
            "by_year": queries.accounts(agreements, by=Axis.YEAR),
            "by_use": [line for line in queries.accounts(agreements, by=Axis.USE).lines if line.key],
            "calendar": queries.calendar_of(funder, on=on),
            "paid_for": queries.paid_for(funder, on=on),
            "agreements": queries.listed(agreements, queries.Question(), on=on)[:ON_A_PAGE],
            "number": agreements.count(),
            "keeps": keeps,
            "delegates": funder.delegates.select_related("user").order_by("-begins_on", "pk") if keeps else [],
            "form": form or (forms.NewDelegate(users=queries.readers(on=on)) if keeps else None),
        },
        status=status,
    )


@require_POST
def reading(request, pk):
    """Someone reads this account from today on."""
    on = timezone.localdate()
    if not rules.keeps_funders(request.user, on=on):
        raise Http404
    funder = funder_seen(request, pk)
    form = forms.NewDelegate(request.POST, users=queries.readers(on=on))
    if form.is_valid():
        try:
            services.let_read(
                funder=funder, user=form.cleaned_data["user"], begins_on=on, by=request.user, at=timezone.now()
            )
        except services.AlreadyReads as refusal:
            form.add_error("user", str(refusal))
        else:
            messages.success(request, _("She reads this account from today on."))
            return redirect("funding:account", funder.pk)
    return account_shown(request, funder, form=form, status=422)


@require_POST
def end_of_reading(request, pk):
    """From today on she reads it no more."""
    on = timezone.localdate()
    if not rules.keeps_funders(request.user, on=on):
        raise Http404
    delegate = get_object_or_404(Delegate, pk=pk)
    services.end_reading(delegate=delegate, ends_on=on, by=request.user, at=timezone.now())
    messages.success(request, _("She reads this account no more."))
    return redirect("funding:account", delegate.funder_id)
