#!/usr/bin/env python3
"""Port the installed `autobahntestsuite` (Python-2 code, PyPI 25.10.1) to Python 3, in place.

Run with the venv's own interpreter:   VENV/bin/python patch.py
Only the parts that the `fuzzingclient` mode needs are ported: fuzzing.py, caseset.py, report.py
and case/*.py.  Everything else in the package is left alone (and no longer imported).

How it works
------------
1. lib2to3 does the syntax (print, has_key, xrange, implicit relative imports, ...).
2. The suite's payloads are Python-2 `str`, that is bytes.  Instead of turning hundreds of literals
   into b"..." (where indexing, iteration, repr and % formatting all change meaning) they stay `str`
   and are read as *latin-1*: one character is one byte.  A small module of our own, `py3bridge.py`,
   converts at the only border that matters, the calls into and out of autobahn's protocol class.
   Source files with non-ASCII payload literals get a latin-1 coding cookie, so that the literal's
   characters are exactly the bytes of the file, as they were for Python 2.
3. A few dozen expressions are replaced one by one (list below); each must match exactly as many
   times as stated, so that a different release of the package fails loudly instead of being half
   patched.
"""
import importlib.util
import pathlib
import re
import sys

EXPECTED_VERSION = "25.10.1"
MARK = "## ported to Python 3 in place by patch.py\n"

BRIDGE = '''\
"""Border between the suite's latin-1 payload strings and autobahn's bytes (our own code)."""
import binascii as _binascii


def to_bytes(x):
    """latin-1 `str` (or bytes-like, or None) -> bytes (or None)"""
    if x is None or isinstance(x, bytes):
        return x
    if isinstance(x, str):
        return x.encode("latin-1")
    return bytes(x)


def to_str(x):
    """bytes -> latin-1 `str`"""
    return x if isinstance(x, str) else bytes(x).decode("latin-1")


class binascii:
    """Stands in for the `binascii` module: takes str or bytes, gives str."""

    @staticmethod
    def b2a_hex(x):
        return _binascii.b2a_hex(to_bytes(x)).decode("ascii")

    hexlify = b2a_hex


def binLogData(data, maxlen=64):
    data = to_bytes(data)
    if len(data) > maxlen - 4:
        return _binascii.b2a_hex(data[:maxlen]).decode("ascii") + " ..."
    return _binascii.b2a_hex(data).decode("ascii")


def asciiLogData(data, maxlen=64, replace=False):
    data = to_bytes(data)
    short = data[:maxlen] + b" ..." if len(data) > maxlen - 4 else data
    try:
        return short.decode("utf8", errors="replace" if replace else "strict")
    except UnicodeDecodeError:
        return "0x" + binLogData(data, maxlen)


def json_default(x):
    if isinstance(x, (bytes, bytearray)):
        try:
            return bytes(x).decode("utf8")
        except UnicodeDecodeError:
            return "0x" + _binascii.b2a_hex(bytes(x)).decode("ascii")
    return repr(x)


class DirectTimer:
    """autobahn 26 takes its timeouts from txaio's "batched" timer, which rounds down to whole
    seconds: its 1 s closing-handshake timeout fires after anything from 0 to 1 s, and now and then
    a case is called UNCLEAN for it.  autobahn 0.10 used the reactor; so do we."""

    def call_later(self, delay, func, *args, **kwargs):
        from twisted.internet import reactor
        return reactor.callLater(delay, func, *args, **kwargs)


class ProtocolBridge:
    """Mixed in before autobahn's WebSocketClientProtocol: str in, bytes out."""

    # autobahn 26 reads this before it copies the factory's options to the connection, swallows
    # the AttributeError and never sets TCP_NODELAY: with Nagle on, "octet-wise" is not octet-wise
    tcpNoDelay = True

    def sendFrame(self, opcode, payload=b"", fin=True, rsv=0, mask=None,
                  payload_len=None, chopsize=None, sync=False):
        return super().sendFrame(opcode, to_bytes(payload), fin, rsv, to_bytes(mask),
                                 payload_len, chopsize, sync)

    def sendMessage(self, payload, isBinary=False, fragmentSize=None, sync=False,
                    doNotCompress=False):
        # autobahn 0.10 dropped a message silently when the connection was no longer open;
        # later releases raise `Disconnected`
        if self.state != self.STATE_OPEN:
            return None
        return super().sendMessage(to_bytes(payload), bool(isBinary), fragmentSize, sync,
                                   doNotCompress)

    def sendMessageFrameData(self, payload, sync=False):
        return super().sendMessageFrameData(to_bytes(payload), sync)

    def sendCloseFrame(self, code=None, reasonUtf8=None, isReply=False):
        return super().sendCloseFrame(code, to_bytes(reasonUtf8), isReply)

    def failConnection(self, *a, **k):      # renamed upstream
        return self._fail_connection(*a, **k)
'''

# file -> [(old, new, how many times)]; applied after lib2to3
EDITS = {
    "fuzzing.py": [
        # the module itself
        ("import os, json, binascii, time, textwrap, pkg_resources",
         "import os, json, time, textwrap, pkg_resources\n"
         "from .py3bridge import *\n"
         "from .py3bridge import binascii, ProtocolBridge, DirectTimer, json_default", 1),
        # our own versions replace these two
        ("def binLogData(data, maxlen = 64):", "def _py2_binLogData(data, maxlen = 64):", 1),
        ("def asciiLogData(data, maxlen = 64, replace = False):",
         "def _py2_asciiLogData(data, maxlen = 64, replace = False):", 1),
        # wire log: frame payload comes as a list of chunks
        ("''.join(payload)", "b''.join(payload)", 1),
        # app-level callbacks: bytes -> latin-1 str
        ("self.runCase.onPong(payload)", "self.runCase.onPong(to_str(payload))", 1),
        ("self.runCase.onMessage(msg, binary)", "self.runCase.onMessage(to_str(msg), binary)", 1),
        # reports
        ("json.dumps(case, sort_keys = True,", "json.dumps(case, default = json_default, sort_keys = True,", 1),
        # API drift: constructor flags and attributes that are gone
        ("WebSocketServerFactory.__init__(self, debug = debug, debugCodePaths = debug)",
         "WebSocketServerFactory.__init__(self)", 1),
        ("WebSocketClientFactory.__init__(self, debug = debug, debugCodePaths = debug)",
         "WebSocketClientFactory.__init__(self)\n      self._batched_timer = DirectTimer()", 1),
        ("if self.debug:", "if False:", 3),
        ("class FuzzingClientProtocol(FuzzingProtocol, WebSocketClientProtocol):",
         "class FuzzingClientProtocol(FuzzingProtocol, ProtocolBridge, WebSocketClientProtocol):", 1),
        # HTML reports are not produced by our runner, but keep them from tripping
        ("ll.encode('utf8')", "ll", 1),
        (".encode(\"utf-8\"))\n      f.write('      </table>')", ")\n      f.write('      </table>')", 1),
        ("report_filename), 'w')", "report_filename), 'w', encoding = 'utf-8', errors = 'replace')", 4),
    ],
    "case/case.py": [
        # pickle output depends on object identity (memo); plain equality is what is meant
        ("pickle.dumps(obj1) == pickle.dumps(obj2)", "obj1 == obj2", 1),
    ],
    "case/__init__.py": [
        # not in the list of cases to run, and needs an API that zope.interface dropped
        ("from .case9_9_1 import *\n", "", 1),
    ],
    "case/case10_1_1.py": [
        ("len(self.payload) / self.p.autoFragmentSize", "len(self.payload) // self.p.autoFragmentSize", 1),
    ],
    "case/case6_x_x.py": [
        ("v.validate(vss[:i])", "v.validate(to_bytes(vss[:i]))", 1),
    ],
    "case/case12_x_x.py": [
        ("import copy, os, pkg_resources, hashlib, binascii",
         "import copy, os, pkg_resources, hashlib\nfrom ..py3bridge import *\nfrom ..py3bridge import binascii", 1),
        # the test data of 12/13 is real bytes; what comes back is the bridge's latin-1 str
        ("def onMessage(self, msg, binary):\n", "def onMessage(self, msg, binary):\n   msg = to_bytes(msg)\n", 1),
    ],
}
FIXERS = ["print", "has_key", "xrange", "import", "unicode", "except", "raise", "ne", "repr",
          "long", "numliterals", "exec", "next", "dict"]


def die(msg):
    sys.exit("patch_autobahntestsuite: " + msg)


def refactoring_tool():
    try:
        from lib2to3 import refactor
        base = "lib2to3"
    except ImportError:                       # lib2to3 left the standard library in 3.13
        from fissix import refactor
        base = "fissix"
    return refactor.RefactoringTool(["%s.fixes.fix_%s" % (base, f) for f in FIXERS])


def main():
    import warnings
    warnings.simplefilter("ignore")
    spec = importlib.util.find_spec("autobahntestsuite")
    if spec is None:
        die("autobahntestsuite is not installed in %s" % sys.executable)
    pkg = pathlib.Path(spec.submodule_search_locations[0])
    version = re.search(r'__version__ = "([^"]+)"', (pkg / "_version.py").read_text()).group(1)
    if version != EXPECTED_VERSION:
        die("written for %s, found %s" % (EXPECTED_VERSION, version))
    init = pkg / "__init__.py"
    if init.read_text(encoding="utf-8").startswith(MARK):
        print("already ported:", pkg)
        return

    todo = [pkg / n for n in ("fuzzing.py", "caseset.py", "report.py")]
    todo += sorted(p for p in (pkg / "case").glob("*.py") if p.name != "case9_9_1.py")
    tool = refactoring_tool()
    for path in todo:
        rel = path.relative_to(pkg).as_posix()
        raw = path.read_bytes()
        # one character per byte, whatever the cookie says
        raw = raw.replace(b"\r\n", b"\n")
        raw = re.sub(rb"coding[:=]\s*utf-?8", b"coding: latin-1", raw, count=1)
        text = raw.decode("latin-1")
        if not text.endswith("\n"):
            text += "\n"
        if rel == "case/case6_x_x.py":
            # everything from here on is that file's own unit test, not a case
            head, sep, tail = text.partition("Case6_X_X = []")
            start = head.index("def createValidUtf8TestSequences")
            end = tail.index("import binascii\nimport array")
            text = head[:start] + sep + tail[:end]
        text = str(tool.refactor_string(text, str(path)))

        for old, new, n in EDITS.get(rel, ()):
            if text.count(old) != n:
                die("%s: expected %d x %r, found %d" % (rel, n, old, text.count(old)))
            text = text.replace(old, new)
        # dynamically made case classes: `object` may not come before Case any more
        text = text.replace("(object, Case, )", "(Case, )")
        # py2's binascii took and gave str
        text = re.sub(r"(?m)^import binascii$",
                      "from ..py3bridge import *\nfrom ..py3bridge import binascii", text)
        if rel == "case/case12_x_x.py":
            # API drift: permessage-deflate keyword arguments and attributes became snake_case
            # (only those; the same words in descriptions stay)
            for old in ("requestNoContextTakeover", "requestMaxWindowBits",
                        "acceptNoContextTakeover", "acceptMaxWindowBits"):
                new = re.sub("([A-Z])", lambda m: "_" + m.group(1).lower(), old)
                text = re.sub(r"\b%s(?= = )|(?<=\w\.)%s\b" % (old, old), new, text)
        try:
            compile(text, rel, "exec")
        except SyntaxError as e:
            die("%s does not compile after the port: %s" % (rel, e))
        path.write_bytes(text.encode("latin-1"))

    (pkg / "py3bridge.py").write_text(BRIDGE, encoding="utf-8")
    # the package's __init__ imported every mode; keep only the version
    text = init.read_text(encoding="utf-8")
    text = re.sub(r"(?m)^import (choosereactor|wstest|echo|broadcast|testee|case|caseset|report|"
                  r"spectemplate|fuzzing|massconnect)\b.*\n", "", text)
    text = text.replace("from _version import", "from ._version import")
    init.write_text(MARK + text, encoding="utf-8")
    print("ported", pkg)


if __name__ == "__main__":
    main()
