from django.urls import include, path

from citeslab.figures.views import costs, definitions, explorer, outlines, public, reports, targets, years

app_name = "figures"
inside = [
    path("", years.year_of_site, name="year_of_site"),
    path("communique/", years.statements, name="statements"),
    path("definitions/", definitions.dictionary, name="dictionary"),
    path("definitions/<str:id>/", definitions.definition, name="definition"),
    path("parcours/", years.journeys, name="journeys"),
    path("qualite/", years.quality, name="quality"),
    path("explorer/", explorer.explorer, name="explorer"),
    path("explorer/personnes/", explorer.counted, name="counted"),
    path("couts/", costs.costs, name="costs"),
    path("objectifs/", targets.targets, name="targets"),
    path("objectifs/nouveau/", targets.new_target, name="new_target"),
    path("objectifs/antennes/", targets.targets_of_sites, name="targets_of_sites"),
    path("objectifs/<int:pk>/retrait/", targets.target_withdrawal, name="target_withdrawal"),
    path("bilans/", reports.reports, name="reports"),
    path("bilans/nouveau/", reports.new_report, name="new_report"),
    path("bilans/<int:pk>/", reports.report, name="report"),
    path("bilans/<int:pk>/fichier/<str:format>/", reports.draft_file, name="draft_file"),
    path("bilans/<int:pk>/scellement/", reports.sealing, name="sealing"),
    path("bilans/<int:pk>/versions/<int:number>/", reports.sealed_version, name="sealed_version"),
    path("bilans/<int:pk>/versions/<int:number>/<str:format>/", reports.sealed_file, name="sealed_file"),
    path("bilans/<int:pk>/plan/", outlines.outline, name="outline"),
    path("bilans/<int:pk>/plan/origine/", outlines.outline_restoration, name="outline_restoration"),
    path("bilans/<int:pk>/plan/<int:place>/", outlines.block_words, name="block_words"),
    path("bilans/<int:pk>/plan/<int:place>/place/", outlines.block_move, name="block_move"),
    path("bilans/<int:pk>/plan/<int:place>/retrait/", outlines.block_removal, name="block_removal"),
]
# Without an account.
outside = [
    path("", public.figures, name="public"),
    path("definitions/", public.definitions, name="published_definitions"),
    path("<int:year>/", public.year, name="published"),
    path("<int:year>/<int:number>/<str:name>", public.file, name="published_file"),
]
urlpatterns = [path("chiffres/", include(inside)), path("reperes/", include(outside))]
