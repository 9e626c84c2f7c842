"""Reading a file of tables that someone sent: in a child process, with limits, before anything else sees it.

`process.read` starts `child`, which checks the container (`archive`), reads it (`sheets`, `text`), fits the sheets
to the headings that were asked for (`headings`, `wanted`) and hands back text. The child imports no Django and knows
no secret. `cells` reads one cell with the habits that people have.
"""
