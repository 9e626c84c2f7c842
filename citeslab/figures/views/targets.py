"""Doors of targets: those of a perimeter and a year, one set or withdrawn, those of many sites."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from citeslab.core.values import last_day
from citeslab.figures import exports, forms, queries, rules, services
from citeslab.figures.definitions.indicators import BY_ID
from citeslab.figures.models import Target
from citeslab.figures.values import Perimeter
from citeslab.ui import values


def address_of(year, perimeter):
    said = {"annee": year, "perimetre": perimeter.said or forms.targets.NETWORK}
    return f"{reverse('figures:targets')}?{urlencode(said)}"


@require_safe
def targets(request):
    """What is aimed at on a perimeter, what is achieved, and where the year leads."""
    on = timezone.localdate()
    perimeters = queries.perimeters_aimed_at(request.user, on=on, chosen=request.GET.get("perimetre", ""))
    if not perimeters:
        raise Http404
    form = forms.TargetsOf(request.GET, perimeters=perimeters, on=on)
    year, perimeter = form.asked()
    exact = queries.exact_for(request.user, on=on)
    site = queries.site_of(perimeter)
    whose = site.name if site else queries.name_of(perimeter)
    told = queries.progress_of(perimeter, year=year, exact=exact, on=on)
    return TemplateResponse(
        request,
        "figures/targets.html",
        {
            "form": form.again(),
            "year": year,
            "perimeter": perimeter,
            "site": site,
            "whose": whose,
            "where": site.name if site else "",
            "today": on,
            "is_running": year == on.year and on <= last_day(year),
            "is_exact": perimeter in exact,
            "told": told,
            "place": queries.name_of_place(told, perimeter),
            "given_up": queries.given_up(perimeter, year=year),
            "sets": rules.sets_targets_of(request.user, perimeter, on=on),
            "sets_sites": rules.sites_to_aim_at(request.user, on=on).exists(),
            "set_url": f"{reverse('figures:new_target')}?{address_of(year, perimeter).partition('?')[2]}",
        },
    )


@require_http_methods(["GET", "POST"])
def new_target(request):
    """Aim at a number, or at another one."""
    on = timezone.localdate()
    chosen = request.POST.get("perimetre") or request.GET.get("perimetre", "")
    perimeters = queries.perimeters_to_aim_at(request.user, on=on, chosen=chosen)
    if not perimeters:
        raise Http404
    initial = {"annee": on.year, **request.GET.dict()}
    form = forms.NewTarget(request.POST or None, perimeters=perimeters, on=on, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            target = services.set_target(**form.asked(), by=request.user, at=timezone.now())
        except services.NotCounted as refusal:
            form.add_error("indicateur", str(refusal))
        else:
            messages.success(request, _("The target is set."))
            return redirect(address_of(target.year, target.perimeter))
    return TemplateResponse(request, "figures/new_target.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def target_withdrawal(request, pk):
    """Aim at nothing any more; what was aimed at stays told."""
    on = timezone.localdate()
    target = get_object_or_404(Target.objects.standing(), pk=pk)
    if not rules.sets_targets_of(request.user, target.perimeter, on=on):
        raise Http404
    back = address_of(target.year, target.perimeter)
    if request.method == "POST":
        services.withdraw_target(target=target, by=request.user, at=timezone.now())
        messages.success(request, _("The target is withdrawn."))
        return redirect(back)
    indicator = BY_ID.get(target.indicator)
    return TemplateResponse(
        request,
        "figures/target_withdrawal.html",
        {
            "target": target,
            "wording": indicator.wording if indicator else target.indicator,
            "whose": queries.name_of(target.perimeter),
            "back": back,
        },
    )


@require_http_methods(["GET", "POST"])
def targets_of_sites(request):
    """One figure and one year, a row a site: what was achieved, what is aimed at, set all at once."""
    on = timezone.localdate()
    sites = list(rules.sites_to_aim_at(request.user, on=on))
    if not sites:
        raise Http404
    choice = forms.FigureOfSites(request.GET, on=on)
    year, indicator = choice.asked()
    standing = {
        one.perimeter: one for one in Target.objects.standing().filter(year=year, indicator=indicator.id, level="site")
    }
    stands = {site.pk: standing[of_site(site)].aim for site in sites if of_site(site) in standing}
    form = forms.TargetsOfSites(request.POST if request.method == "POST" else None, sites=sites, stands=stands)
    if request.method == "POST" and form.is_valid():
        changed = form.aims()
        services.set_targets(
            year=year, indicator=indicator.id, aims=changed, by=request.user, at=timezone.now()
        )  # fmt: skip
        said = ngettext("One target is changed.", "%(count)s targets are changed.", len(changed))
        messages.success(request, said % {"count": len(changed)})
        return redirect(
            f"{reverse('figures:targets_of_sites')}?{urlencode({'annee': year, 'indicateur': indicator.id})}"
        )
    exact = queries.exact_for(request.user, on=on)
    now = {site: queries.Asked(indicator, of_site(site), year) for site in sites}
    before = {site: queries.Asked(indicator, of_site(site), year - 1) for site in sites}
    found = queries.outlooks([*now.values(), *before.values()], exact=exact, on=on)
    return TemplateResponse(
        request,
        "figures/targets_of_sites.html",
        {
            "choice": choice.again(),
            "form": form,
            "year": year,
            "before": year - 1,
            "indicator": indicator,
            "is_running": year == on.year and on <= last_day(year),
            "is_exact": all(of_site(site) in exact for site in sites),
            "rows": [
                row_of(
                    site,
                    form[forms.targets.name_of_field(site)],
                    now=found.get(now[site]),
                    before=found.get(before[site]),
                    target=standing.get(of_site(site)),
                    on=on,
                )
                for site in sites
            ],
        },
        status=422 if form.errors else 200,
    )


def row_of(site, field, *, now, before, target, on):
    """A site with its numbers in words: hidden ones say so, those of a year to come are not written."""
    return {
        "site": site,
        "url": address_of(target.year, target.perimeter) if target else "",
        "field": field,
        "shown": field.as_hidden(only_initial=True),
        "now": written(now),
        "before": written(before),
        "likely": now.projection.middle if now and now.projection else None,
        "standing": queries.standing_of(target, now, on=on) if target else None,
    }


def written(outlook):
    return exports.written(queries.Number(outlook.achieved)) if outlook else values.number(None)


def of_site(site):
    return Perimeter("site", str(site.pk))
