"""The pages of words: each with its title, and the sentence that search engines and shared links show."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Text:
    title: str | Promise
    description: str | Promise


TEXTS = {
    "discover": Text(
        _("What CitésLab is"),
        _("Advisors meet people of priority neighborhoods with an idea, or not yet, before they set up a business."),
    ),
    "pathway": Text(
        _("How it goes"),
        _("From the first conversation to the network that finances you: six steps, at your own pace, free of charge."),
    ),
    "questions": Text(
        _("Questions often asked"),
        _("Is it free? Must I live in a priority neighborhood? What becomes of what I say? Short answers."),
    ),
    "easy": Text(
        _("CitésLab, easy to read"),
        _("What CitésLab is, how to meet an advisor, and your rights, in short and simple sentences."),
    ),
    "legal": Text(_("Legal notice"), _("Who publishes this site, who hosts it, and what may be used again.")),
    "accessibility": Text(
        _("Accessibility statement"),
        _("What of this site is accessible to everyone, what is not yet, and how to say what stops you."),
    ),
    "privacy": Text(
        _("Privacy"), _("No cookie, no tracker. What we keep when you write to us or come, how long, and your rights.")
    ),
}

# Questions often asked, in the order of the page.
QUESTIONS = (
    (
        _("Is it free?"),
        _("Yes, from the first meeting to the last. The advisors' posts are paid by the State, local authorities, the "
          "Caisse des Depots and other partners."),
    ),
    (
        _("Must I live in a priority neighborhood?"),
        _("No. Advisors work first for priority neighborhoods, but nobody is turned away because of an address. If "
          "another body suits you better, your advisor introduces you to it."),
    ),
    (
        _("I have no precise idea. May I come all the same?"),
        _("Yes. Many people come with a wish, or with nothing but questions. Talking about it is the first step."),
    ),
    (
        _("What must I bring?"),
        _("Nothing. No paper, no business plan, no money. Come as you are."),
    ),
    (
        _("How long does a meeting last?"),
        _("About forty-five minutes, face to face. Your advisor notes two or three sentences, which you may read."),
    ),
    (
        _("Will you finance my project?"),
        _("We do not lend money. We prepare you, then lead you to those who do: Adie, BGE, Initiative France, France "
          "Active, chambers, incubators. Your details go to them only if you agree."),
    ),
    (
        _("May I come if I am in employment, a student, or looking for work?"),
        _("Yes. Coming changes nothing to your rights: we tell nothing to France Travail, an employer or a school."),
    ),
    (
        _("And if I change my mind?"),
        _("Then you stop, without having to explain. Going back to a job, training, or keeping the idea for later are "
          "good outcomes too."),
    ),
    (
        _("Who reads what I say?"),
        _("The advisors of your site, and nobody else by name. You may read your file, see who opened it, and ask that "
          "it be erased."),
    ),
    (
        _("I do not speak French well. May I come with somebody?"),
        _("Yes, with whom you want. Some advisors speak other languages: ask when you book."),
    ),
)  # fmt: skip
