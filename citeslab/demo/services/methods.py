"""Methods shared since 2011, and the actions that followed them."""

from dataclasses import dataclass
from datetime import date, time, timedelta

from django.db.models import F

from citeslab.animation.enums import Licence
from citeslab.animation.models import Method, Step, Version
from citeslab.core.values import instant, sort_key
from citeslab.network.models import Site, Tenure
from citeslab.workshops.models import Workshop

FOLLOWED_BY = 3  # one site in three takes a method up


@dataclass(frozen=True)
class Told:
    """A method: the title of the actions that follow it, since when, its versions (what each changes, its steps)."""

    title: str
    since: date
    purpose: str
    audience: str
    material: str
    licence: Licence
    versions: tuple[tuple[str, tuple[tuple[int, str], ...]], ...]
    source: int | None = None  # the place of the method that it comes from


ROUND = (20, "Tour de table : chacune et chacun dit son idée, ou son envie, en deux phrases")
METHODS = (
    Told(
        "Oser son idée",
        date(2011, 3, 14),
        "Passer de l’envie à une idée dite, devant d’autres, sans jugement. On repart avec la première chose à faire.",
        "8 à 12 adultes, sans projet ou avec une idée",
        "Une grande table, des feutres, des fiches « mon idée en deux phrases » (une par personne).",
        Licence.CC_BY_SA,
        (
            (
                "",
                (
                    ROUND,
                    (40, "À deux : l’une raconte, l’autre reformule"),
                    (45, "Chacun écrit sa fiche"),
                    (15, "La suite"),
                ),
            ),
            (
                "Plus courte, avec un portrait filmé au téléphone à la place de la fiche.",
                (
                    ROUND,
                    (30, "À deux : l’une raconte, l’autre filme une minute"),
                    (25, "On regarde ensemble"),
                    (15, "La suite"),
                ),
            ),
        ),
    ),
    Told(
        "Entreprendre au féminin",
        date(2012, 3, 8),
        "Se reconnaître des savoir-faire, rencontrer une femme du quartier qui a créé, lever un premier frein.",
        "10 à 15 femmes, garde d’enfants sur place",
        "Une intervenante du quartier, les cartes « savoir-faire », un coin pour les enfants.",
        Licence.CC_BY,
        (
            (
                "",
                (
                    (15, "Accueil et café"),
                    (30, "Le témoignage"),
                    (45, "Les cartes : ce que je sais faire"),
                    (30, "Un frein, une idée"),
                ),
            ),
        ),
    ),
    Told(
        "Fixer son prix",
        date(2013, 6, 3),
        "Savoir combien coûte une heure de travail, et dire un prix sans s’excuser.",
        "6 à 10 personnes avec une activité en tête",
        "Une calculette par personne, la feuille « mon heure », trois exemples chiffrés.",
        Licence.ETALAB,
        (
            (
                "",
                (
                    (15, "Combien vaut une heure ?"),
                    (60, "On calcule ensemble, exemple par exemple"),
                    (30, "Chacun calcule le sien"),
                ),
            ),
            (
                "Un tableur sur téléphone remplace la feuille.",
                ((15, "Combien vaut une heure ?"), (60, "Le tableur, pas à pas"), (30, "Dire son prix à voix haute")),
            ),
        ),
    ),
    Told(
        "Découvrir la création",
        date(2014, 10, 6),
        "Savoir qui fait quoi : les réseaux, les étapes, ce que l’on garde comme droits.",
        "Jusqu’à 20 personnes, ouvert à toutes et à tous",
        "L’affiche des étapes, les coordonnées des partenaires du département.",
        Licence.CC0,
        (
            (
                "",
                (
                    (30, "Les étapes, racontées par une histoire"),
                    (45, "Le jeu : qui appeler, quand ?"),
                    (15, "Questions et suites"),
                ),
            ),
        ),
    ),
    Told(
        "Mini-entreprise en classe",
        date(2015, 1, 12),
        "Monter en une journée une entreprise imaginaire, des rôles à la vente.",
        "Une classe de collège ou de lycée",
        "Des boîtes, du carton, la monnaie du jeu, les fiches de rôle.",
        Licence.CC_BY,
        (
            (
                "",
                (
                    (60, "Trouver l’idée et se partager les rôles"),
                    (90, "Fabriquer"),
                    (45, "Le marché"),
                    (30, "Ce que l’on a appris"),
                ),
            ),
        ),
    ),
    Told(
        "De l’envie au projet",
        date(2016, 9, 5),
        "La suite d’« Oser son idée », en trois rendez-vous, avec les outils du téléphone.",
        "6 à 10 personnes venues à un premier atelier",
        "Un téléphone pour deux, un espace partagé, trois fiches.",
        Licence.CC_BY_SA,
        (
            (
                "",
                (
                    (30, "Où en est-on ?"),
                    (60, "Enquêter en bas de chez soi, avec son téléphone"),
                    (30, "Ce qui change dans l’idée"),
                ),
            ),
        ),
        source=0,
    ),
)


def in_post(on: date) -> list[tuple[int, int]]:
    """Who held a post that day, with the site: pairs of keys."""
    return list(Tenure.objects.on(on).order_by("pk").values_list("user", "post__site"))


def plant_methods(*, until: date) -> None:
    """Each by an advisor of another site; followed from then on by one site in three, and by its author's."""
    made: dict[int, Version] = {}
    for place, told in enumerate(METHODS):
        there = in_post(told.since)
        if told.since > until or not there:
            continue
        author, site = there[place * 7 % len(there)]
        written_at = instant(told.since, time(10))
        source = made.get(told.source) if told.source is not None else None
        method = Method.objects.create(site_id=site, source=source, recorded_at=written_at, recorded_by_id=author)
        for number, (changes, steps) in enumerate(told.versions, start=1):
            published_on = told.since + timedelta(days=1_100 * (number - 1))
            if published_on > until:
                continue
            published_at = instant(published_on, time(10))
            version = Version.objects.create(
                method=method,
                number=number,
                title=told.title,
                purpose=told.purpose,
                audience=told.audience,
                material=told.material,
                licence=told.licence,
                changes=changes,
                sort_key=sort_key(told.title, told.purpose, told.audience),
                written_at=published_at,
                written_by_id=author,
                published_at=published_at,
                published_by_id=author,
            )
            Step.objects.bulk_create(
                Step(version=version, place=one, minutes=minutes, words=words)
                for one, (minutes, words) in enumerate(steps, start=1)
            )
            made.setdefault(place, version)
        followed = Workshop.objects.filter(title=told.title, held_on__gte=told.since)
        takers = Site.objects.annotate(turn=(F("pk") + place) % FOLLOWED_BY).filter(turn=0).values("pk")
        followed.filter(site__in=[site, *takers.values_list("pk", flat=True)]).update(method=method)
