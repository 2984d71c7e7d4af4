"""Commands of `python -m keras_drop`: one file each, with `main(argv)`.

`main` takes the options as a list of strings and returns the exit code; the
first line of the file's docstring is its line in `--help`. What it raises as
`OSError` or `ValueError` is shown to the user as one line.
"""
