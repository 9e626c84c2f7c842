"""Pages of the life of the network that say what other rooms know of it."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from citeslab.animation import queries as animation
from citeslab.animation import rules
from citeslab.animation.models import Method, Version
from citeslab.network.models import Site
from citeslab.workshops import queries as workshops


@require_safe
def method(request, pk):
    """A method, in its present version or another (`?version=`), and what it gave where it was used again."""
    on = timezone.localdate()
    visible = Method.objects.visible_to(request.user, on=on)
    found = get_object_or_404(visible.select_related("site", "source__method__site"), pk=pk)
    may_write = rules.may_write(request.user, found, on=on)
    versions = animation.versions(found, with_draft=may_write)
    version = animation.telling(versions, request.GET.get("version", ""))
    if version is None:
        raise Http404
    sites = Site.objects.keys_with_names_for(request.user, on=on)
    here, elsewhere = workshops.reuse(found, exact=sites, on=on)
    derived = Version.objects.current().filter(method__source__method=found).select_related("method__site")
    return TemplateResponse(
        request,
        "desk/network_life/method.html",
        {
            "method": found,
            "version": version,
            "current": next((one for one in versions if one.published_at), None),
            "versions": versions,
            "steps": version.steps.all(),
            "source": found.source,
            "derived": derived.order_by("-published_at", "pk"),
            "may_write": may_write,
            "sees_names": bool(sites),
            "here": here,
            "elsewhere": elsewhere,
        },
    )
