"""How much a name that a pickle imports is to be feared.

A pickle is a program: it can call whatever it imports. What it imports is therefore all there is to judge it by. Names
are judged whole, never by the library alone: many a library has a function somewhere that runs a text it is given.
"""

from __future__ import annotations

import _compat_pickle
import re
from collections.abc import Iterable
from enum import StrEnum


class Grade(StrEnum):
    """From harmless to worst, in this order."""

    HARMLESS = "harmless"  # makes plain data, whatever it is called with
    KNOWN = "known"  # a class of a library that models are made with
    UNKNOWN = "unknown"  # somebody's code, of which nothing is known
    CODE = "code"  # a function whose code is in the file itself
    DANGEROUS = "dangerous"  # runs commands, programs or texts, or reaches files and the network


ORDER = tuple(Grade)

_NUMPY_CORE = ("numpy.core", "numpy._core")
_PLAIN = {
    "builtins": "bool bytearray bytes complex dict float frozenset int list object range set slice str tuple",
    "_codecs": "encode",
    "collections": "Counter OrderedDict defaultdict deque",
    "copyreg": "_reconstructor __newobj__",
    "datetime": "date datetime time timedelta timezone",
    "decimal": "Decimal",
    "fractions": "Fraction",
    "uuid": "UUID",
    "numpy": "bool bool_ bytes_ complex128 complex64 datetime64 dtype float16 float32 float64 int16 int32 int64 int8 "
    "longlong matrix ndarray recarray str_ timedelta64 uint16 uint32 uint64 uint8 ulonglong void",
    **{f"{core}.multiarray": "_reconstruct scalar" for core in _NUMPY_CORE},
    **{f"{core}.numeric": "_frombuffer" for core in _NUMPY_CORE},
    "numpy.dtypes": "BoolDType BytesDType Complex128DType Complex64DType DateTime64DType Float16DType Float32DType "
    "Float64DType Int16DType Int32DType Int64DType Int8DType ObjectDType StrDType StringDType TimeDelta64DType "
    "UInt16DType UInt32DType UInt64DType UInt8DType VoidDType",
    "numpy.ma.core": "MaskedArray _mareconstruct",
    "numpy.random._mt19937": "MT19937",
    "numpy.random._pcg64": "PCG64 PCG64DXSM",
    "numpy.random._philox": "Philox",
    "numpy.random._sfc64": "SFC64",
    "numpy.random._pickle": "__bit_generator_ctor __generator_ctor __randomstate_ctor",
    "scipy.sparse._bsr": "bsr_array bsr_matrix",
    "scipy.sparse._coo": "coo_array coo_matrix",
    "scipy.sparse._csc": "csc_array csc_matrix",
    "scipy.sparse._csr": "csr_array csr_matrix",
    "torch": "BFloat16Storage BoolStorage ByteStorage CharStorage DoubleStorage FloatStorage HalfStorage IntStorage "
    "LongStorage ShortStorage Size Tensor bfloat16 bool device dtype float16 float32 float64 int16 int32 int64 int8 "
    "uint8",
    "torch._utils": "_rebuild_parameter _rebuild_tensor _rebuild_tensor_v2",
    "torch.nn.parameter": "Parameter",
    "torch.serialization": "_get_layout",
    "torch.storage": "TypedStorage UntypedStorage",
}
_HARMLESS = frozenset((module, name) for module, names in _PLAIN.items() for name in names.split())

_DANGEROUS_BUILTINS = frozenset(
    "__build_class__ __import__ apply breakpoint compile delattr eval exec execfile exit file getattr globals help "
    "input locals open quit reload setattr vars".split()
)
_DANGEROUS_MODULES = frozenset(
    "_aix_support _asyncio _bootsubprocess _ctypes _imp _osx_support _pickle _posixsubprocess _socket _thread _winapi "
    "aiohttp asyncio bdb cProfile cgitb code codeop commands concurrent ctypes distutils doctest ensurepip fileinput "
    "ftplib glob gc http httplib httpx idlelib imaplib imp importlib jsonpickle lib2to3 linecache logging.config "
    "logging.handlers mailcap marshal mmap modulefinder msvcrt multiprocessing nntplib nt ntpath os pdb pickle "
    "pip pkg_resources pkgutil platform popen2 poplib posix posixpath profile pstats pty pyclbr pydoc requests "
    "resource runpy setuptools shelve shlex shutil signal site smtplib socket socketserver sqlite3 ssl subprocess sys "
    "sysconfig tarfile telnetlib tempfile test thread threading timeit tkinter trace unittest urllib urllib2 urllib3 "
    "venv webbrowser winreg wsgiref xmlrpc zipapp zipfile zipimport "
    "joblib.externals joblib.memory joblib.numpy_pickle_utils joblib.parallel numpy.distutils numpy.f2py "
    "numpy.lib.format numpy.lib.npyio numpy.testing pandas.core.computation pandas.io pandas.testing scipy.datasets "
    "scipy.io sklearn.datasets tensorflow.io tensorflow.python.platform torch.hub torch.jit torch.package "
    "torch.utils.collect_env torch.utils.cpp_extension".split()
)
_DANGEROUS_NAMES = frozenset(
    [
        *(("operator", name) for name in ("attrgetter", "itemgetter", "methodcaller", "call")),
        *(("_operator", name) for name in ("attrgetter", "itemgetter", "methodcaller", "call")),
        *((module, name) for module in ("functools", "_functools") for name in ("partial", "partialmethod", "reduce")),
        *(("types", name) for name in ("CodeType", "FunctionType", "LambdaType", "MethodType", "ModuleType")),
        *(("codecs", name) for name in ("open", "EncodedFile")),
        *((module, name) for module in ("io", "_io") for name in ("FileIO", "open", "open_code")),
        *(("numpy", name) for name in ("DataSource", "fromfile", "fromregex", "load", "loadtxt", "memmap", "save")),
        *(("pandas", name) for name in ("eval", "read_pickle", "to_pickle")),
        ("joblib.numpy_pickle", "load"),
        ("joblib", "load"),
        ("torch", "load"),
        ("torch.serialization", "load"),
        ("torch.storage", "_load_from_bytes"),
        ("tensorflow", "load_op_library"),
    ]
)
# What cloudpickle makes functions and classes of a script with.
_CODE = re.compile(
    r"_make_(function|skeleton_class|skeleton_enum|cell|empty_cell)|_fill_function|_builtin_type|(dynamic_)?subimport|"
    r"_(function|class)_setstate"
)
_LIBRARIES = frozenset(
    "catboost category_encoders imblearn joblib keras lightgbm mlflow numpy pandas polars pyarrow runfolio scipy skops "
    "sklearn statsmodels tensorflow torch transformers xgboost".split()
)
# Classes, and what Cython and compiled trees make their instances with.
_CLASS = re.compile(r"_?[A-Z]\w*|__pyx_unpickle_\w+|newObj|_new_Index|_unpickle_block")


def grade(module: str, name: str) -> Grade:
    """How much a name is to be feared. Names of Python 2 count as what they are today."""
    if _is_dangerous(module, name):
        return Grade.DANGEROUS
    return _grade(*_today(module, name))


def worst(grades: Iterable[Grade]) -> Grade:
    """The worst of several; harmless if there are none."""
    return ORDER[max((ORDER.index(one) for one in grades), default=0)]


def _grade(module: str, name: str) -> Grade:
    library = module.partition(".")[0]
    if (module, name) in _HARMLESS:
        return Grade.HARMLESS
    if _is_dangerous(module, name):
        return Grade.DANGEROUS
    # What PyTorch compiles stands in the file under this name.
    if library in ("__torch__", "dill") or (library == "cloudpickle" and _CODE.fullmatch(name)):
        return Grade.CODE
    return Grade.KNOWN if library in _LIBRARIES and _CLASS.fullmatch(name) else Grade.UNKNOWN


def _is_dangerous(module: str, name: str) -> bool:
    if (module, name) in _DANGEROUS_NAMES:
        return True
    if module in ("builtins", "__builtin__", "__builtins__"):
        return name.partition(".")[0] in _DANGEROUS_BUILTINS
    # A name with dots goes through what a module has imported: numpy's "os.system".
    parts = f"{module}.{name}".split(".")
    inner = [part for part in parts[1:] if part in _DANGEROUS_MODULES] if "." in name else []
    packages = {".".join(parts[:count]) for count in range(1, len(module.split(".")) + 1)}
    return bool(inner or packages & _DANGEROUS_MODULES)


def _today(module: str, name: str) -> tuple[str, str]:
    found = _compat_pickle.NAME_MAPPING.get((module, name))
    return found if found is not None else (_compat_pickle.IMPORT_MAPPING.get(module, module), name)
