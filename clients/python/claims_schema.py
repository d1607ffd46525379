"""The JSON Schemas of declared kinds: the keywords of docs/kinds.md. Numbers must have been read as floats."""
import ipaddress
import re
from datetime import datetime


def has_known_keywords(schema):
    """Another keyword would be ignored, and claims accepted that it forbids."""
    if not isinstance(schema, dict):
        return isinstance(schema, bool)
    inner = [*schema.get("properties", {}).values(), *schema.get("anyOf", [])]
    inner += [schema[name] for name in ("items", "additionalProperties") if name in schema]
    return all(name in _KEYWORDS for name in schema) and all(map(has_known_keywords, inner))


def permits(schema, value):
    """Whether a schema of a declaration (docs/kinds.md) permits a value."""
    if not isinstance(schema, dict):
        return schema is not False
    return all(_KEYWORDS[name](wanted, value, schema) for name, wanted in schema.items())


def _equals(wanted, value, _=None):
    # in Python, 1 equals True
    return isinstance(wanted, bool) == isinstance(value, bool) and wanted == value


def _permits_others(schema, value, around):
    known = around.get("properties", {})
    return not isinstance(value, dict) or all(permits(schema, value[name]) for name in value if name not in known)


_JSON_TYPES = {
    "null": lambda value: value is None,
    "boolean": lambda value: isinstance(value, bool),
    "number": lambda value: isinstance(value, float),
    "integer": lambda value: isinstance(value, float) and value.is_integer(),
    "string": lambda value: isinstance(value, str),
    "array": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
}


def _for(kind, permits):
    """A keyword that concerns values of one type only."""
    return lambda wanted, value, _: not isinstance(value, kind) or permits(wanted, value)


_KEYWORDS = {
    **{name: lambda *_: True for name in ("$schema", "title", "description")},
    "type": lambda names, value, _: any(_JSON_TYPES[name](value) for name in ([names] if isinstance(names, str) else names)),
    "enum": lambda values, value, _: any(_equals(one, value) for one in values),
    "const": _equals,
    "minimum": _for(float, lambda least, value: value >= least),
    "maximum": _for(float, lambda most, value: value <= most),
    "minLength": _for(str, lambda least, value: len(value) >= least),
    "maxLength": _for(str, lambda most, value: len(value) <= most),
    "format": _for(str, lambda name, value: value.isascii() and _FORMATS[name](value)),
    "minItems": _for(list, lambda least, value: len(value) >= least),
    "maxItems": _for(list, lambda most, value: len(value) <= most),
    "items": _for(list, lambda schema, value: all(permits(schema, item) for item in value)),
    "required": _for(dict, lambda names, value: all(name in value for name in names)),
    "properties": _for(dict, lambda known, value: all(permits(known[name], value[name]) for name in value if name in known)),
    "additionalProperties": _permits_others,
    "anyOf": lambda schemas, value, _: any(permits(schema, value) for schema in schemas),
}

_UNIT, _PATH = r"(?:[a-z0-9\-._~!$&'()*+,;=]|%[0-9a-f]{2})", r"(?:[a-z0-9\-._~!$&'()*+,;=:@/]|%[0-9a-f]{2})"
_AUTHORITY = rf"//(?:(?:{_UNIT}|:)*@)?(?:\[([0-9a-f.:]+)\]|{_UNIT}*)(?::[0-9]*)?(?:/{_PATH}*)?"
_URI = rf"[a-z][a-z0-9+.-]*:(?:{_AUTHORITY}|(?!//){_PATH}*)(?:\?(?:{_PATH}|\?)*)?(?:#(?:{_PATH}|\?)*)?"
_LOCAL, _LABEL = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+", r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_DATE_TIME = re.compile(
    r"([0-9]{4})(-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:)([0-9]{2})(?:\.[0-9]+)?(?:Z|([+-])([0-9]{2}):([0-9]{2}))", re.IGNORECASE
)
_WRITTEN = "%Y-%m-%dT%H:%M:%S"


def _is_date_time(text):
    match = _DATE_TIME.fullmatch(text)
    if not match:
        return False
    year, day, second, sign, hours, minutes = match.groups("0")
    try:
        # Python knows neither the year 0, which is a leap year like 2000, nor leap seconds
        local = datetime.strptime(("2000" if year == "0000" else year) + day.upper() + ("59" if second == "60" else second), _WRITTEN)
    except ValueError:
        return False
    offset = int(hours) * 60 + int(minutes)
    utc = local.hour * 60 + local.minute + (offset if sign == "-" else -offset)
    # a leap second is the last one of a day
    return int(hours) <= 23 and int(minutes) <= 59 and (second != "60" or utc % 1440 == 1439)


def _is_uri(text):
    match = re.fullmatch(_URI, text, re.IGNORECASE)
    try:
        return match is not None and (match[1] is None or ipaddress.IPv6Address(match[1]) is not None)
    except ValueError:
        return False


_FORMATS = {
    "date-time": _is_date_time,
    "uuid": lambda text: re.fullmatch("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", text, re.IGNORECASE),
    "email": lambda text: len(text) <= 254
    and re.fullmatch(rf"{_LOCAL}(?:\.{_LOCAL})*@{_LABEL}(?:\.{_LABEL})*", text, re.IGNORECASE),
    "uri": _is_uri,
}
