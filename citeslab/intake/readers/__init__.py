"""Reading a workbook that someone sent: in a child process, with limits, before anything else sees it.

`process.read` starts `child`, which checks the container (`archive`), reads it (`sheets`, `text`), fits the five
sheets to their columns (`headings`) and hands back text. The child imports no Django and knows no secret.
"""
