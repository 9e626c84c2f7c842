"""Stories of invented people, told with their agreement, one of them taken back; what the network announced."""

from datetime import date, datetime, time, timedelta

from citeslab.accounts.models import User
from citeslab.core.values import instant
from citeslab.demo.services.accounts import email_of
from citeslab.demo.services.staff import NAMED_ADVISOR
from citeslab.network.enums import Role
from citeslab.network.models import Mandate
from citeslab.people.enums import Sex
from citeslab.people.models import Person
from citeslab.rights import services as rights
from citeslab.rights.enums import Purpose, Said, Way
from citeslab.website import services

# Days before the last one told, who is meant, the first name shown, the title, the words.
TOLD = (
    (
        260,
        Sex.WOMAN,
        "Naïma",
        "Le pain de ma mère, au marché du samedi",
        "J’ai fait des ménages pendant onze ans. Le soir, je faisais le pain de ma mère pour l’immeuble, et les "
        "voisins me disaient : tu devrais le vendre. Je riais.\n\n"
        "Un mardi, j’ai poussé la porte de la maison de quartier. Je n’avais rien préparé. La conseillère m’a demandé "
        "combien de pains je faisais en une heure, et combien coûtait la farine. Personne ne m’avait jamais posé la "
        "question. On a compté ensemble, sur une feuille.\n\n"
        "Il m’a fallu huit mois : l’atelier d’hygiène, le four, les papiers. Aujourd’hui j’ai mon étal le samedi. Je "
        "ne suis pas riche. Mais c’est mon nom qui est écrit sur l’ardoise.",
    ),
    (
        210,
        Sex.MAN,
        "Karim",
        "Finalement, j’ai pris le poste",
        "Je voulais ouvrir un garage à vélos. J’en parlais depuis deux ans, surtout la nuit.\n\n"
        "On s’est vus cinq fois. À la troisième, j’ai compris que ce que j’aimais, c’était réparer et parler avec les "
        "gens, pas remplir des factures. Une association cherchait quelqu’un pour son atelier. J’ai postulé.\n\n"
        "On ne m’a jamais dit que j’avais échoué. J’ai un contrat, des outils, et une idée de garage rangée pour plus "
        "tard.",
    ),
    (
        150,
        Sex.WOMAN,
        "",
        "Coudre, mais pas toute seule",
        "Chez moi, la machine tournait pour les robes des cousines. Je ne savais pas si c’était un métier.\n\n"
        "À l’atelier collectif, nous étions neuf. J’ai rencontré deux femmes qui cousaient aussi, chacune dans son "
        "coin. Nous avons testé une boutique ensemble, dans une couveuse, un an. La conseillère nous a présentées, "
        "puis elle nous a laissées marcher.",
    ),
    (
        95,
        Sex.MAN,
        "Idriss",
        "J’avais dix-neuf ans et trois idées",
        "Une appli, un camion à tacos, une marque de vêtements. Mon conseiller n’a pas choisi à ma place. Il m’a "
        "envoyé poser dix questions à dix personnes.\n\n"
        "Huit m’ont dit que le tacos, il y en avait déjà trois dans la rue. J’étais vexé. Puis j’étais content de ne "
        "pas avoir acheté le camion.\n\n"
        "Maintenant j’apprends la cuisine. Pour de vrai, avec un diplôme au bout.",
    ),
    (
        40,
        Sex.WOMAN,
        "Fatou",
        "Quarante-cinq minutes",
        "Je parlais mal français, et j’avais honte. Je suis venue avec ma fille pour traduire. À la fin, la "
        "conseillère m’a lu ce qu’elle avait noté : deux phrases. C’était exactement ce que je voulais dire.\n\n"
        "Ma petite crèche à domicile a ouvert au printemps. Ma fille dit que maintenant, c’est moi qui la reprends.",
    ),
)
TAKEN_BACK = (
    180,
    Sex.WOMAN,
    "Lila",
    "Un salon de coiffure dans mon salon",
    "Ce récit a été publié, puis repris par la personne : il n’est plus sur aucune page.",
)
ANNOUNCED = (
    (
        120,
        "Le réseau CitésLab publie les chiffres de l’année",
        "Les chiffres de l’an dernier sont en ligne, avec leurs définitions et leurs fichiers. Chacun peut les "
        "vérifier.\n\n"
        "Les petits effectifs sont masqués, et d’autres avec eux, pour que personne ne puisse être reconnu.",
    ),
    (
        20,
        "Trouver son conseiller ou sa conseillère, à partir de son adresse",
        "Depuis ce mois-ci, une adresse ou une commune suffit pour savoir qui peut vous écouter, où et quand.\n\n"
        "Aucun compte n’est demandé, et l’adresse n’est pas conservée.",
    ),
)


def plant_website(*, until: date, at: datetime) -> None:
    """At the named advisor's site and two others, by those who work there; published by the pilot."""
    pilot = User.objects.filter(email=email_of("pilot")).first()
    if pilot is None:
        return
    told = [*TOLD[:3], TAKEN_BACK, *TOLD[3:]]
    writers = those_who_write(until)
    for place, (days, sex, first_name, title, words) in enumerate(told):
        on = until - timedelta(days=days)
        mandate = writers[place % len(writers)] if writers else None
        person = None if mandate is None else someone(mandate, sex, on)
        if mandate is None or person is None:
            continue
        hour = min(at, instant(on, time(15)))
        by = mandate.user
        story = services.write(
            site=person.site, person=person, first_name=first_name, title=title, words=words, by=by, at=hour
        )
        services.agree(story=story, way=Way.SPOKEN, with_picture=False, by=by, at=hour)
        services.publish(story=story, by=pilot, at=min(at, hour + timedelta(days=2)))
        if title == TAKEN_BACK[3]:
            later = min(at, hour + timedelta(days=60))
            rights.say_consent(person=person, purpose=Purpose.TESTIMONY, said=Said.NO, way=Way.PHONE, by=by, at=later)
    for days, title, words in ANNOUNCED:
        services.announce(
            title=title, words=words, by=pilot, at=min(at, instant(until - timedelta(days=days), time(9)))
        )


def those_who_write(until: date) -> list[Mandate]:
    """The named advisor, then one of each of two other sites."""
    advisors = Mandate.objects.on(until).filter(role=Role.ADVISOR).select_related("user", "site").order_by("pk")
    hers = advisors.filter(user__name=NAMED_ADVISOR).first()
    if hers is None:
        return []
    others: dict[int, Mandate] = {}
    for mandate in advisors.exclude(site=hers.site_id):
        others.setdefault(mandate.site_id, mandate)
        if len(others) == 2:
            break
    return [hers, *others.values()]


def someone(mandate: Mandate, sex: Sex, on: date) -> Person | None:
    """Somebody of the site who was known there by that day."""
    known = Person.objects.named().filter(site=mandate.site_id, sex=sex, recorded_at__date__lt=on, stories=None)
    return known.order_by("-recorded_at", "-pk").first()
