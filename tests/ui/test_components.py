"""Small fragments, whole: what a component writes is what a screen reader and a style sheet rely on."""

import re
from datetime import date

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template
from django.utils import translation

from citeslab.ui.charts import Step


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def render(source: str, **context) -> str:
    """The fragment, without its drawings and the space between its tags."""
    html = Template(source).render(Context(context))
    html = re.sub(r"<svg.*?</svg>", "<svg/>", html, flags=re.DOTALL)
    html = re.sub(r">\s+<", "><", re.sub(r"\s+</", "</", html))
    return re.sub(r"\s+", " ", html).strip()


def test_a_card_is_a_section_named_by_its_title():
    assert render("{% card title=title count=1200 level=3 %}<p>Two rows.</p>{% endcard %}", title="To <check>") == (
        '<section class="card" aria-labelledby="card-to-check"><div class="card-head">'
        '<h3 class="card-title" id="card-to-check">To &lt;check&gt;</h3><span class="count">1,200</span></div>'
        "<p>Two rows.</p></section>"
    )


def test_a_card_may_lead_elsewhere():
    assert render(
        '{% card title="Now" kind="now" icon="clock" more="All" more_url="/all/" name="now" %}{% endcard %}'
    ) == (
        '<section class="card card-now" aria-labelledby="now"><div class="card-head"><svg/>'
        '<h2 class="card-title" id="now">Now</h2><a class="card-more" href="/all/">All</a></div></section>'
    )


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ('{% tag "Holds" "good" %}', '<span class="tag tag-good"><svg/>Holds</span>'),
        ("{% tag unsafe %}", '<span class="tag">A &amp; B</span>'),
        ('{% tag "Holds" "good" icon="" %}', '<span class="tag tag-good">Holds</span>'),
        ('{% stage "EMER" "Emergence" %}', '<span class="stage"><svg/>Emergence</span>'),
        ('{% monogram "Samira Khelifi" %}', '<span class="monogram" aria-hidden="true">SK</span>'),
    ],
)
def test_a_word_stands_beside_its_drawing(source, html):
    assert render(source, unsafe="A & B") == html


def test_a_notice_says_its_kind_in_its_icon_and_its_title():
    assert render('{% notice "wrong" title="Not a workbook" role="alert" %}<p>It is a picture.</p>{% endnotice %}') == (
        '<div class="notice notice-wrong" role="alert"><svg/><div class="notice-body">'
        '<p class="notice-title">Not a workbook</p><p>It is a picture.</p></div></div>'
    )


def test_an_empty_page_starts_the_first_act():
    assert render('{% empty title="Nobody" text="Yet." %}<a href="/new/">Begin</a>{% endempty %}') == (
        '<section class="empty"><svg/><h2>Nobody</h2><p>Yet.</p>'
        '<div class="acts"><a href="/new/">Begin</a></div></section>'
    )
    assert "acts" not in render('{% empty title="Nobody" %}  {% endempty %}')


def test_a_line_reads_its_verb_with_its_person():
    assert render(
        '{% line who=who url="/p/1/" verb="Call" verb_url="/p/1/call/" %}<b>61 days</b>{% endline %}',
        who="A<b>",
    ) == (
        '<li class="line"><div><p class="line-who"><a href="/p/1/">A&lt;b&gt;</a></p>'
        '<div class="line-why"><b>61 days</b></div></div>'
        '<a class="button line-verb" href="/p/1/call/">Call<span class="visually-hidden">, A&lt;b&gt;</span></a></li>'
    )


def test_a_story_item_is_dated():
    assert render(
        '{% story_item title="Follow-up" on=on more="50 min" %}{% endstory_item %}', on=date(2017, 9, 28)
    ) == (
        '<li class="story-item"><span class="story-mark"><svg/></span><div class="story-body"><h3>Follow-up</h3>'
        '<p class="story-when"><time datetime="2017-09-28">Thursday, September 28, 2017</time>, 50 min</p></div></li>'
    )


def test_facts_are_pairs_and_escape_what_they_are_given():
    assert render("{% facts rows %}", rows=[("Phone", "06", "after four"), ("City", "<b>")]) == (
        '<dl class="facts">'
        '<div class="facts-row"><dt>Phone</dt><dd>06<br><span class="facts-more">after four</span></dd></div>'
        '<div class="facts-row"><dt>City</dt><dd>&lt;b&gt;</dd></div></dl>'
    )


def test_progress_keeps_plain_numbers_in_its_attributes():
    with translation.override("fr"):
        html = render('{% progress "Lecture" 1200 10000 %}')
    assert 'max="10000" value="1200"' in html
    assert "value" not in render('{% progress "Reading" %}')


def test_the_sprout_says_where_she_is():
    steps = [
        Step("SENS", "Awareness", date(2017, 3, 3)),
        Step("ACCU", "Welcome"),
        Step("AMOR", "Starting", date(2017, 6, 20), here=True),
        Step("EMER", "Emergence"),
    ]
    html = render("{% sprout steps %}", steps=steps)

    assert re.findall(r'<li class="([^"]*)"( aria-current="step")?>.*?sprout-date">(.*?)<', html) == [
        ("sprout-step", "", "March 3"),
        ("sprout-step sprout-to-come", "", "not recorded"),
        ("sprout-step sprout-here", ' aria-current="step"', "June 20"),
        ("sprout-step sprout-to-come", "", "to come"),
    ]
    assert "<b>Step 3 of 4: Starting</b>" in html
    assert "since June 20, 2017. Next: Emergence." in html


def test_the_sprout_of_who_has_left_says_no_step():
    html = render("{% sprout steps %}", steps=[Step("SENS", "Awareness", date(2017, 3, 3))])
    assert "sprout-caption" not in html


# -- lists


@pytest.mark.parametrize(
    ("address", "order", "following"),
    [
        ("/", "ascending", "?sort=-name"),
        ("/?sort=name", "ascending", "?sort=-name"),
        ("/?sort=-name&page=3&q=a%26b", "descending", "?sort=name&amp;q=a%26b"),
        ("/?sort=other", "", "?sort=name"),
    ],
)
def test_a_heading_orders_the_list_and_starts_again_from_its_first_page(rf, address, order, following):
    html = render('{% sort_header "Name" "name" default="name" %}', request=rf.get(address))
    sort = f' aria-sort="{order}"' if order else ""
    assert html == f'<th scope="col" role="columnheader"{sort}><a class="sort" href="{following}">Name<svg/></a></th>'


def test_a_heading_may_start_with_the_latest(rf):
    assert 'href="?sort=-met"' in render('{% sort_header "Met" "met" first="-" %}', request=rf.get("/"))


def test_the_pager_keeps_the_address_and_says_where_one_is(rf):
    page = Paginator(range(84), 10).page(2)
    html = render("{% pager page %}", page=page, request=rf.get("/?q=a&page=2"))

    assert re.findall(r'href="([^"]*)"( aria-current="page")?', html) == [
        ("?q=a&amp;page=1", ""),
        ("?q=a&amp;page=2", ' aria-current="page"'),
        ("?q=a&amp;page=3", ""),
        ("?q=a&amp;page=9", ""),
        ("?q=a&amp;page=3", ""),
    ]


def test_one_page_needs_no_pager(rf):
    assert render("{% pager page %}", page=Paginator(range(3), 10).page(1), request=rf.get("/")) == ""


def test_what_is_shown_is_counted():
    assert render("{% shown page %}", page=Paginator(range(1200), 10).page(2)) == (
        '<p id="shown">From <b>11</b> to <b>20</b> of 1,200</p>'
    )


def test_a_view_may_come_with_its_count():
    views = [
        {"label": "All", "url": "?", "current": True, "count": 0},
        {"label": "New", "url": "?v=new", "current": False},
    ]
    assert render('{% chips views label="Views" %}', views=views) == (
        '<ul class="chips" aria-label="Views">'
        '<li><a class="chip" href="?" aria-current="true">All <span class="chip-count">0</span></a></li>'
        '<li><a class="chip" href="?v=new">New</a></li></ul>'
    )


@pytest.mark.parametrize(
    ("count", "write", "gap", "at_the_end"),
    [(4, True, [2], False), (2, True, [1], False), (3, True, [], True), (4, False, [], False)],
)
def test_the_round_button_stands_between_two_halves_or_at_the_end(count, write, gap, at_the_end):
    entries = [{"label": str(place), "url": "/", "icon": "sun", "current": place == 0} for place in range(count)]
    action = {"label": "Write", "url": "/new/"} if write else None
    html = render("{% rail entries action %}", entries=entries, action=action)

    items = re.findall(r"<li[^>]*>", html)
    assert [place for place, item in enumerate(items, start=1) if "rail-gap" in item] == gap
    assert ("rail-end" in html) is at_the_end
    assert ("rail-note" in html) is write
    assert html.count('aria-current="page"') == 1


# -- forms


class Visit(forms.Form):
    name = forms.CharField(
        label="Name", help_text="As she says it.", widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    city = forms.CharField(label="City", required=False)
    nature = forms.ChoiceField(label="Nature", choices=[("A", "First"), ("B", "Next")], widget=forms.RadioSelect)
    agreed = forms.BooleanField(label="Agreed")
    file = forms.FileField(label="File")
    kept = forms.CharField(widget=forms.HiddenInput, required=False)


def test_a_field_is_label_help_widget_in_that_order():
    assert render("{% field form.name %}", form=Visit()) == (
        '<div class="field"><label class="field-label" for="id_name">Name</label>'
        '<p class="field-help" id="id_name_helptext">As she says it.</p>'
        '<input type="text" name="name" autocomplete="off" class="input" required '
        'aria-describedby="id_name_helptext" id="id_name"></div>'
    )


def test_a_faulty_field_says_why_under_it_and_points_to_it():
    assert render("{% field form.name %}", form=Visit({})) == (
        '<div class="field"><label class="field-label" for="id_name">Name</label>'
        '<p class="field-help" id="id_name_helptext">As she says it.</p>'
        '<input type="text" name="name" autocomplete="off" class="input" required aria-invalid="true" '
        'aria-describedby="id_name_helptext id_name_error" id="id_name">'
        '<p class="field-error" id="id_name_error"><svg/><span>This field is required.</span></p></div>'
    )


def test_what_may_be_left_empty_says_so_but_not_in_a_filter():
    said = '<span class="optional">(optional)</span>'
    assert said in render("{% field form.city %}", form=Visit())
    assert said not in render("{% field form.city optional=False %}", form=Visit())


def test_a_field_takes_attributes_from_its_page():
    html = render('{% field form.city inputmode="search" aria_label="Town" %}', form=Visit())
    assert 'inputmode="search" aria-label="Town" class="input"' in html


def test_radios_are_a_group_with_its_legend_and_its_error():
    html = render("{% field form.nature %}", form=Visit({}))
    assert html.startswith(
        '<fieldset class="field" aria-describedby="id_nature_error"><legend class="field-label">Nature</legend>'
    )
    assert html.count('<label class="choice"><input type="radio"') == 2
    assert '<p class="field-error" id="id_nature_error">' in html


def test_a_box_to_tick_has_its_words_beside_it():
    html = render("{% field form.agreed %}", form=Visit())
    assert html == (
        '<div class="tick"><input type="checkbox" name="agreed" class="tick-box" required id="id_agreed">'
        '<label class="tick-label" for="id_agreed">Agreed</label></div>'
    )


def test_a_file_is_a_plain_field_one_can_drop_on():
    html = render("{% field form.file %}", form=Visit())
    assert '<div class="drop"><svg/><input type="file" name="file" class="drop-input" required id="id_file">' in html


def test_a_form_starts_with_what_is_to_correct():
    html = render("{{ form }}", form=Visit({"name": "Samira"}))

    assert '<p class="notice-title">3 things to correct</p>' in html
    assert re.findall(r'<li><a href="(#[^"]*)">([^<]*)</a>', html) == [
        ("#id_nature_0", "Nature"),
        ("#id_agreed", "Agreed"),
        ("#id_file", "File"),
    ]
    targets = {target[1:] for target in re.findall(r'<a href="(#[^"]*)"', html)}
    assert targets <= set(re.findall(r'id="([^"]*)"', html))
    assert html.endswith('<input type="hidden" name="kept" id="id_kept">')
