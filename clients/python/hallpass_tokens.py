"""Reads signed documents as strictly as Hallpass writes them, so that each has one valid text."""
import base64
import json
import re
from decimal import Decimal

ALGORITHMS = ("ES256", "EdDSA", "RS256")
RESERVED_AUDIENCES = ("bridge", "visitor", "widget-session", "embed-ticket", "card", "refresh")
SCOPES = ("account", "client_key", "visitor", "user", "customer", "api_key")


class _Number(float):
    """A number of a document. Unlike a float, it isn't infinite, and isn't mistaken for an integer of the program."""

    def __new__(cls, text):
        number = super().__new__(cls, text)
        if number in (float("inf"), float("-inf")):
            raise ValueError("infinite")
        return number


def _number(number):
    """A number as JavaScript writes it."""
    if number == 0:
        return "0"
    minus, digits, exponent = Decimal(float.__repr__(number)).normalize().as_tuple()
    digits, point = "".join(map(str, digits)), len(digits) + exponent
    if -6 < point <= 21:
        digits = digits.rjust(len(digits) - min(point - 1, 0), "0").ljust(point, "0")
        whole, fraction = digits[: max(point, 1)], digits[max(point, 1) :]
        return "-" * minus + whole + ("." + fraction if fraction else "")
    mantissa = digits[0] + ("." + digits[1:] if digits[1:] else "")
    return f"{'-' * minus}{mantissa}e{'+' if point > 0 else '-'}{abs(point - 1)}"


def _stringify(value):
    """JSON.stringify: every document has one valid text, in which numbers can only be written as JavaScript does."""
    if isinstance(value, _Number):
        return _number(value)
    if isinstance(value, dict):
        names = [(not re.fullmatch(r"0|[1-9]\d{0,9}", name, re.ASCII) or int(name) >= 2**32 - 1, name) for name in value]
        indexes = sorted((name for is_other, name in names if not is_other), key=int)
        names = indexes + [name for is_other, name in names if is_other]
        return "{" + ",".join(f"{_stringify(name)}:{_stringify(value[name])}" for name in names) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_stringify, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def decode(part):
    decoded = base64.urlsafe_b64decode(part.encode("ascii") + b"=" * (-len(part) % 4))
    if not part or base64.urlsafe_b64encode(decoded).rstrip(b"=").decode() != part:
        raise ValueError("not canonical")
    return decoded


def _parse_json(part):
    text = decode(part).decode("utf-8")
    parsed = json.loads(text, parse_int=_Number, parse_float=_Number)
    if _stringify(parsed) != text:
        raise ValueError("not canonical")
    return parsed


def parse(text, longest=32_768):
    """The header and payload of a signed document. Raises ValueError if Hallpass can't have written it."""
    parts = text.split(".") if isinstance(text, str) and len(text) <= longest else []
    if len(parts) != 3:
        raise ValueError("not a token")
    decode(parts[2])
    header, payload = _parse_json(parts[0]), _parse_json(parts[1])
    if not _is_header(header):
        raise ValueError("header")
    return header, payload


def _is_text(value):
    return isinstance(value, str)


def _is_filled(value):
    return isinstance(value, str) and value != ""


def _is_time(value):
    return isinstance(value, _Number) and value.is_integer() and 0 <= value < 2**53


def _is_integer(value):
    return isinstance(value, _Number) and value.is_integer() and abs(value) < 2**53


def _one_of(*values):
    return lambda value: isinstance(value, str) and value in values


def _object(required, optional=None, open_ended=False):
    def check(value):
        if not isinstance(value, dict) or any(name not in value for name in required):
            return False
        tests = {**(optional or {}), **required}
        return all(tests[name](member) if name in tests else open_ended for name, member in value.items())

    return check


def _is_audience(value):
    is_own = isinstance(value, str) and re.fullmatch(r"[\x21-\x7e]{1,200}", value) and value not in RESERVED_AUDIENCES
    return bool(is_own) or value == "widget-session"


def _is_short(value, depth=0):
    if depth > 32 or not isinstance(value, (str, dict, list)):
        return depth <= 32
    if isinstance(value, str):
        return len(value.encode("utf-16-le", "surrogatepass")) <= 2048 and not re.search("[\0\ud800-\udfff]", value)
    if isinstance(value, list):
        return all(_is_short(member, depth + 1) for member in value)
    names = "__proto__" not in value and all(_is_short(name) for name in value)
    return names and all(_is_short(member, depth + 1) for member in value.values())


def _is_json(value):
    return isinstance(value, dict) and _is_short(value) and len(_stringify(value).encode()) <= 4096


def _cutoffs(value):
    return isinstance(value, dict) and all(map(_is_integer, value.values()))


_is_header = _object({"alg": _one_of(*ALGORITHMS), "kid": lambda kid: _is_filled(kid) and len(kid) <= 100, "typ": _is_text})
_REGISTERED = {**dict.fromkeys(("iss", "sub", "jti"), _is_filled), "iat": _is_time, "exp": _is_time, "account_id": _is_text}
is_claims_of = {
    "bridge": _object(
        {
            **_REGISTERED,
            "aud": _one_of("bridge"),
            "environment": _one_of("sandbox", "production"),
            "processing_method": _one_of("inline", "background", "skip"),
        },
        {
            "api_key_id": _is_filled,
            "external_id": _is_text,
            "sandbox_outcome": _one_of("standard", "active", "rejected", "review"),
        },
    ),
    "widget-session": _object(
        {
            **_REGISTERED,
            **dict.fromkeys(("sid", "client_key_id", "agent_id"), _is_text),
            "aud": _is_audience,
            "auth_mode": _one_of("guest", "user"),
        },
        {
            **{"api_key_id": _is_filled, "origin": _is_text, "client_id": _is_text, "traits": _is_json, "metadata": _is_json},
            "user": _object({"id": _is_filled}, {"display_name": _is_text, "email": _is_text}),
            "cnf": _object({"jkt": _is_filled}),
        },
    ),
}
is_feed = _object(
    {
        **dict.fromkeys(("iat", "exp", "ttl"), _is_integer),
        **{"iss": _is_text, "sub": _is_text, "keys": lambda keys: isinstance(keys, list) and all(map(_is_text, keys))},
        "revoked": _object(dict.fromkeys(("token", "session", "client_key"), _is_text), open_ended=True),
        "cut_offs": _object(dict.fromkeys(SCOPES[:4], _cutoffs), dict.fromkeys(SCOPES[4:], _cutoffs), open_ended=True),
    },
    {"cut_off": _is_integer},
    open_ended=True,
)
