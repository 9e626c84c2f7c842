"""What the living page of the look shows: invented figures, to see the drawings and nothing else."""

from datetime import date, datetime

from django.core.paginator import Paginator

from citeslab.ui.charts import Curve, Department, DepartmentMap, Part, Parts, Point, Series, Step, Table
from citeslab.ui.templatetags.drawings import ROOM

STAGES = [
    ("SENS", "Awareness"),
    ("ACCU", "Welcome"),
    ("AMOR", "Starting"),
    ("EMER", "Emergence"),
    ("FORM", "Formalisation"),
    ("PARC", "Creation path"),
]
BEGUN = [
    620,
    1840,
    2760,
    3460,
    3940,
    4270,
    4530,
    4840,
    5020,
    5160,
    5390,
    5612,
    5870,
    5980,
    6120,
    6210,
    6300,
    2900,
]
POSTS = {
    "13": 6,
    "59": 6,
    "93": 6,
    "69": 4,
    "95": 4,
    "34": 3,
    "62": 3,
    "75": 3,
    "31": 2,
    "974": 2,
    "35": 1,
    "971": 1,
    "978": 1,
}


def so_far(years):
    total = 0
    for place, begun in enumerate(years):
        total += begun
        yield Point(2002 + place, total, open=place == len(years) - 1)


ALL = {
    "navigation": [
        {"label": "Today", "url": "#", "icon": "sun", "current": True},
        {"label": "People", "url": "#people", "icon": "people", "current": False},
        {"label": "Workbooks", "url": "#workbooks", "icon": "workbook", "current": False},
        {"label": "Figures", "url": "#figures", "icon": "chart", "current": False},
    ],
    "write_action": {"label": "Write a note", "url": "#note"},
    "find": {"label": "Find a person, a project", "url": "#find"},
    "where": "Toulouse, Grand Mirail",
    "today": date(2017, 10, 12),
    "now": datetime(2017, 10, 12, 10, 30),  # noqa: DTZ001 - an hour to write, nowhere in particular
    "icons": sorted(path.stem for path in (ROOM / "icons").glob("*.svg")),
    "steps": [
        Step(code, name, reached_on=date(2017, 3 + 2 * place, 3) if place < 4 else None, here=place == 3)
        for place, (code, name) in enumerate(STAGES)
    ],
    "known": [
        ("Telephone", "06 39 98 01 42", "a text message after four"),
        ("Birth", "8 February 1975, 42"),
        ("Address", "Bellefontaine, 31100 Toulouse"),
    ],
    "views": [
        {"label": "All", "url": "#", "count": 84, "current": True},
        {"label": "Waiting", "url": "#", "count": 7, "current": False},
        {"label": "Silent", "url": "#", "count": 2, "current": False},
    ],
    "people": [
        {"name": name, "project": project, "stage": {"code": code, "name": stage}, "silent": code == "PARC"}
        for (name, project), (code, stage) in zip(
            [
                ("Samira Khelifi", "Caterer at home"),
                ("Rachid Benali", "Corner shop"),
                ("Thomas Martin", "Bicycle repair"),
                ("Denis Oliveira", "No project yet"),
                ("Aline Perrin", "Soaps and cosmetics"),
                ("Patrick Nguyen", "House painting"),
                ("Fatou Diallo", "Hairdresser at home"),
            ],
            [*STAGES, ("SORT", "Left")],
            strict=True,
        )
    ],
    "page": Paginator(range(84), 10).page(2),
    "situation": Parts(
        name="situation",
        title="Where these 6,612 people were on 31 December 2016",
        description="Creation path 41 %, emergence 28 %, employment 6 %, other 25 %.",
        source="Each person counts once. The four parts make 100 %.",
        parts=[
            Part(0.41, "began a creation path", "2,711 people, 2,304 confirmed by a partner or a registration"),
            Part(0.28, "in emergence or formalisation", "1,851 people, the project takes shape"),
            Part(0.06, "back to a job", "397 people"),
            Part(0.25, "in another situation", "1,653 people"),
        ],
        table=Table(
            "Situation on 31 December 2016, n = 6,612",
            ["Situation", "People", "Share"],
            [
                ["Creation path", "2,711", "41.00%"],
                ["Emergence", "1,851", "27.99%"],
                ["Employment", "397", "6.00%"],
            ],
        ),
        csv_url="#csv",
    ),
    "posts": DepartmentMap(
        name="posts",
        title="82 advisors in 36 departments",
        lead="One tile a department: the place is approximate, the size says nothing.",
        description="Three departments have six advisors each.",
        source="Posts held on 31 December 2016. Source: agreements of the network, n = 82.",
        unit="Posts by department",
        said=["Three departments hold eighteen of them.", "Sixty-five departments have none."],
        departments=[Department(code, f"Department {code}", posts) for code, posts in POSTS.items()],
        classes=[(1, 1), (2, 2), (3, 4), (5, 6)],
        table=Table(
            "Posts by department",
            ["Department", "Posts"],
            [[code, str(posts)] for code, posts in POSTS.items()],
        ),
        table_name="The list of departments",
    ),
    "projects": Curve(
        name="projects",
        title="Projects accompanied since 2002",
        lead="Projects begun, running total on 31 December of each year; the last year is not over.",
        description="The curve rises without a step back.",
        source="Source: files of the network.",
        series=[Series("Projects", list(so_far(BEGUN)))],
        marked=[2010],
        table=Table(
            "By year",
            ["Year", "Begun"],
            [[str(2002 + place), str(begun)] for place, begun in enumerate(BEGUN)],
        ),
        table_name="Year by year",
    ),
    "compared": Curve(
        name="compared",
        title="People met and people supported",
        description="Both rise; supported stay under met.",
        source="Source: files of the network.",
        series=[
            Series("met", [Point(2012 + place, 7000 + 400 * place) for place in range(6)]),
            Series("supported", [Point(2012 + place, 5600 + 250 * place) for place in range(6)]),
        ],
    ),
}
