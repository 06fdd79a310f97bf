"""Import in the browser: a file is uploaded, its columns are said once, it is checked, applied and undone.

The pages show what `app.imports` finds and does: no rule of an import is here.
"""
