"""The look: base pages, components, CSS layers, icons, charts, form rendering, numbers and days in words. No table.

A page extends `ui/page.html` (signed in) or `ui/public.html`, and is made of the components of `templatetags/ui.py`
(built in: no `load` needed). `values.py` writes numbers and days the French and the English way; `charts.py` holds what
a chart is given and where its lines go, and computes no figure. docs/look.md lists every component with an example,
and the living page `/apparence/` shows them all (demonstration and debug only).
"""
