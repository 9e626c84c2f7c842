"""The public site: find an advisor, book a time, be called; what CitésLab is, stories told with consent, the press.

Its pages ask for no account, need no script and set no cookie; caches keep them for a minute. What a person allows is
asked of the books each time that a page is made: nothing remembers it.
"""
