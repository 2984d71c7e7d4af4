import inspect


def constructor_arguments(cls):
    """Names of what a class can be made with, its parents' by `**kwargs`."""
    names = []
    for parent in cls.__mro__:
        if "__init__" not in vars(parent):
            continue
        arguments = inspect.signature(parent.__init__).parameters.values()
        kinds = {argument.kind for argument in arguments}
        names += [
            argument.name
            for argument in arguments
            if argument.kind
            not in (argument.VAR_POSITIONAL, argument.VAR_KEYWORD)
        ]
        if inspect.Parameter.VAR_KEYWORD not in kinds:
            break
    return names
