"""Finds the classes that pickled Python models are made of, be it Runfolio or MLflow that loads them.

What is in here goes into pickles by its code, not by its name: it runs where there is no Runfolio.
"""

# No annotations and nothing of this package are used, for neither is there where this runs.


def python_model():  # type: ignore[no-untyped-def]
    """The base of Python models."""
    try:
        from runfolio.models.pyfunc import python_model as ours
    except ImportError:
        import mlflow.pyfunc

        return mlflow.pyfunc.PythonModel
    return ours.PythonModel


def function_model():  # type: ignore[no-untyped-def]
    """The Python model that a function becomes."""
    try:
        from runfolio.models.pyfunc import python_model as ours
    except ImportError:
        import mlflow.pyfunc.model as theirs

        return theirs._FunctionPythonModel
    return ours.FunctionModel
