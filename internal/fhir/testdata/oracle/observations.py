# SPDX-License-Identifier: GPL-3.0-or-later
"""Computes from pages of life what their observations have to say.

Each line of the input is a book, as the JSON resources give it, each of the output a list of [book, code,
value, time] of them. It shares nothing with the hub but the definition of the mapping.
"""
import ast
import json
import re
import sys
import unicodedata
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Madrid")  # of times without one
LONGEST = 16 << 10  # bytes of measurements that are read

# The code and the unit of each value; of those without a code the text.
PLAIN = {
    "hr": ("8867-4", " /min"), "rr": ("9279-1", " /min"), "t": ("8310-5", " Cel"), "wt": ("29463-7", " kg"), "ht": ("8302-2", " cm"),
    "bmi": ("39156-5", " kg/m2"), "osat": ("2708-6 59408-5", " %"), "bg": ("2339-0", " mg/dL"),
}
NESTED = {
    "bp": {"systolic": ("8480-6", " mm[Hg]"), "diastolic": ("8462-4", " mm[Hg]")},
    "mood_energy": {"mood": ("Mood", ""), "energy": ("Energy", "")},
    "sleep": {"sleeptime": ("Sleep", " h"), "sleepquality": ("Quality of sleep", "")},
    "pa": {"steps": ("Steps", ""), "aerobic": ("55411-3", " min"), "anaerobic": ("55411-3", " min")},
}
NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")


class Number(str):
    """The digits of a number."""


class Unreadable(Exception):
    pass


def shown(value, printed=False):
    """A text as it is, anything else as JSON: as the database writes that, or without blanks of what Python printed."""
    return str(value) if isinstance(value, str) else as_json(value, *((",", ":") if printed else (", ", ": ")))


def as_json(value, comma, colon):
    if isinstance(value, Number):
        return str(value)
    if isinstance(value, list):
        return "[" + comma.join(as_json(one, comma, colon) for one in value) + "]"
    if isinstance(value, dict):
        return "{" + comma.join(as_json(key, comma, colon) + colon + as_json(one, comma, colon) for key, one in value.items()) + "}"
    return json.dumps(value, ensure_ascii=False)


def clean(text):
    """A text without control characters and odd blanks."""
    def cleaned(c):
        if c in "\t\r\n":
            return c
        if c < " " or c == "\x7f":
            return "\ufffd"
        return " " if unicodedata.category(c) in ("Zs", "Zl", "Zp") or c in "\x85\ufeff" else c

    return "".join(map(cleaned, text)).strip(" \t\r\n")


def text_of(page, key):
    return clean(raw_text(page, key))


def raw_text(page, key):
    value = page.get(key)
    return "" if value is None else shown(value)


def literal(text):
    """The value of what Python's repr printed, with the digits of its numbers."""
    def value(node):
        match node:
            case ast.Call(func=ast.Name(id="Decimal"), args=[ast.Constant(value=str(digits))], keywords=[]):
                return number(str(Decimal(digits)))
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as digits)):
                return number(repr(-digits) if digits else "-" + repr(digits))
            case ast.List():
                return [value(one) for one in node.elts]
            case ast.Dict():
                return {key(one): value(of) for one, of in zip(node.keys, node.values)}
        plain = ast.literal_eval(node)
        if plain is None or isinstance(plain, bool):
            return plain
        if isinstance(plain, str):
            plain.encode()
            return plain
        return number(repr(plain))

    def key(node):
        text = value(node)
        if type(text) is not str:
            raise ValueError
        return text

    def number(digits):
        if not re.fullmatch(NUMBER.pattern + "([eE][+-]?[0-9]+)?", digits):
            raise ValueError
        return Number(digits)

    try:
        return value(ast.parse(text.strip(" \t\r\n"), mode="eval").body)
    except (SyntaxError, ValueError, ArithmeticError):
        raise Unreadable


def digits(value):
    """The decimal that a value is, without an exponent."""
    if isinstance(value, Number) and "e" in value.lower():
        value = format(Decimal(value), "f")
    if not isinstance(value, str) or not NUMBER.fullmatch(value) or len(value) > 30:
        raise Unreadable
    return str(value)


def words(value):
    if type(value) is not str:
        raise Unreadable
    return value


def elements_of(page):
    """The elements of a page's measurements, and whether they are of a literal."""
    measured = page.get("measurements")
    if measured is None or measured == "":
        return [], False
    if len(json.dumps(measured, ensure_ascii=False).encode()) > LONGEST:
        raise Unreadable

    printed = isinstance(measured, str)
    if printed:
        measured = literal(measured)
    if measured is None:
        return [], printed
    if isinstance(measured, dict):
        return [measured], printed
    if not isinstance(measured, list):
        raise Unreadable
    return measured, printed


def measured(page):
    """[code, value] of all that was measured."""
    try:
        elements, printed = elements_of(page)
    except Unreadable:
        yield "measurements", unread(page["measurements"], False)
        return

    for n, element in enumerate(elements):
        if isinstance(element, dict):
            for key, value in element.items():
                if value is not None and value != "":
                    yield from of_member(key, value, printed)
        elif element is not None:
            yield f"measurements.{n}", unread(element, printed)


def unread(value, printed):
    return "unreadable: " + clean(shown(value, printed))


def of_member(key, value, printed):
    if key in PLAIN:
        yield from of_parts({key: PLAIN[key]}, {key: value}, "", printed)
    elif key not in NESTED:
        yield clean(key), clean(shown(value, printed))
    elif not isinstance(value, dict):
        yield key, unread(value, printed)
    else:
        yield from of_parts(NESTED[key], value, key + ".", printed)


def of_parts(parts, values, before, printed):
    readings = {}
    for name, value in values.items():
        if value is None or value == "":
            continue
        if name not in parts:
            yield clean(before + name), clean(shown(value, printed))
            continue
        try:
            readings[name] = words(value) if name == "sleepquality" else digits(value)
        except Unreadable:
            yield before + name, unread(value, printed)

    for name, (code, unit) in parts.items():
        if name in readings:
            yield code, clean(readings[name]) + unit
        elif before == "bp." and readings:
            yield code, "unknown"


DATE = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)(?:([Tt ])([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.(\d{1,9}))?)?"
    r"(?: ?(?:([Zz])|([+-])(0\d|1[0-5])(?::?([0-5]\d))?))?)?", re.ASCII)


def time_of(page):
    """When a page happened, as FHIR writes it; "" where that is not known."""
    date = page.get("page_date")
    found = DATE.fullmatch(date.strip(" \t")) if type(date) is str else None
    if not found:
        return ""
    year, month, day, clock, hour, minute, second, fraction, utc, sign, hours, minutes = found.groups()
    try:
        time = datetime(int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0), int(((fraction or "") + "000000")[:6]))
        if not clock:
            return time.date().isoformat()
        return written(zoned(time, utc, sign, hours, minutes))
    except (ValueError, OverflowError):
        return ""


def zoned(time, utc, sign, hours, minutes):
    if utc:
        return time.replace(tzinfo=timezone.utc)
    if sign:
        offset = timedelta(hours=int(hours), minutes=int(minutes or 0))
        return time.replace(tzinfo=timezone(-offset if sign == "-" else offset))
    return time.replace(tzinfo=ZONE).astimezone(timezone.utc).astimezone(ZONE)


def written(time):
    offset = time.utcoffset()
    if offset % timedelta(minutes=1) or abs(offset) > timedelta(hours=14):
        time = time.astimezone(timezone.utc)
    text = time.isoformat(timespec="microseconds")
    seconds, rest = text[:19], text[19:]
    fraction, zone = rest[:7].rstrip("0").rstrip("."), rest[7:]
    return seconds + fraction + ("Z" if zone == "+00:00" else zone)


def observations(page):
    found = list(measured(page))
    medical, context = kind_of(page)
    told = any(raw_text(page, "health_condition_" + one) for one in ("text", "code"))
    done = any(raw_text(page, "procedure_" + one) for one in ("text", "code"))
    another = done or medical and (context == "immunization" or told and context in ("health_condition", "encounter"))
    if not found and not another:
        label = clean(context) or text_of(page, "page_type") or text_of(page, "domain") or "page of life"
        found = [(label, text_of(page, "summary") or text_of(page, "info"))]
    return [[page["book"], code, value, time_of(page)] for code, value in found]


def kind_of(page):
    page_type = raw_text(page, "domain") or raw_text(page, "page_type")
    in_medicine = raw_text(page, "medical_context")
    context = in_medicine or raw_text(page, "social_context") or raw_text(page, "context")
    return page_type == "medical" or page_type == "" and in_medicine != "", context


for line in sys.stdin:
    pages = json.loads(line, parse_int=Number, parse_float=Number)
    print(json.dumps([one for [page] in pages for one in observations(page)], ensure_ascii=False))
