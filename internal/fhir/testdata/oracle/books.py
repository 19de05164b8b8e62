# SPDX-License-Identifier: GPL-3.0-or-later
"""Prints odd books, one on each line: their persons and pages, always the same ones.

A hospital's page has the repr of a dictionary of Python as its measurements, a phone's page a list of JSON.
"""
import json
import random
import sys
from decimal import Decimal

CONTEXTS = ["health_condition", "encounter", "immunization", "birth", "self_monitoring", "social", "genetics", "", None]
CODES = ["I10", "S52.5", "O80", "fx1", "no code at all", "", None, 7]
WORDS = ["", "Control", " padded ", "two\nlines\tand a tab", "ñandú 😀", "<b>bold & \"quoted\"</b>", "it's \\ odd", "nbsp\u00a0here",
         "bell\u0007", "\u2028", 12, True, {"said": ["x", 1.50]}, None]
DATES = [
    "2024-05-29T08:40:00Z", "2024-06-03T08:53:43.981249", "2024-06-03T08:53:43.980", "2024-06-03 08:53:43.123456789", "2024-06-03 08:53",
    "2024-06-03", "2024-02-29", "2023-02-29", "2024-06", "in spring", "", None, "2024-06-03t08:53:01z", "2024-06-03T08:53:01+02:00",
    "2024-06-03T08:53:01 -0330", "2024-06-03T08:53:01+05", "2024-06-03T08:53:01-15:30", "2024-06-03T08:53:01+14:00", "2024-06-03T24:00:00",
    "2024-03-31T02:30:00", "2024-10-27T02:30:00", "2024-10-27T02:30:00.5", "1890-01-01T12:00:00", "0001-01-01T00:00:00+14:00", "0000-01-01",
    "9999-12-31T23:59:59-12:00", "9999-12-31T23:59:59", "2024-06-03T08:53:01+00:00", " 2024-06-03T10:00:00 ", 20240603,
]
NUMBERS = [0, 1, 82, 120, -3, 36.6, 81.0, 1e-07, 1e22, 68.5, -0.0, 10**12, 10**40, 0.1 + 0.2, True,
           Decimal("36.60"), Decimal("68.500"), Decimal("1E+2"), Decimal("2.50E+1"), Decimal("1E-7"), Decimal("1E+50"), Decimal("0")]
TEXTS = ["82", "82.50", "", "fast", " 82", "1,5", "1e2", "007", "-7", "+7", "٨٢", "7.", "x" * 200]
ODD = [None, [], {}, [1, "two"], {"a": {"b": Decimal("1.50")}}, "<5 & >3", ["<i>", "it's"]]
UNPRINTABLE = [float("nan"), float("inf"), Decimal("NaN"), (1, 2), {1: 2}, {3}, b"82", 1j, "\ud800"]  # as JSON
PLAIN = ["hr", "wt", "bmi", "ht", "bg", "osat", "t", "rr"]
NESTED = {"bp": ["systolic", "diastolic"], "mood_energy": ["mood", "energy"], "sleep": ["sleeptime", "sleepquality"],
          "pa": ["steps", "aerobic", "anaerobic"]}


class Books:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def one_of(self, *lists):
        return self.random.choice(self.random.choice(lists))

    def value(self):
        """Mostly a number, as real measurements are."""
        return self.one_of(NUMBERS, NUMBERS, NUMBERS, TEXTS, ODD)

    def element(self):
        keys = self.random.sample(PLAIN + list(NESTED) + ["nutrition", "2h", "a key of \u00f1 and (more) than a few words"], self.random.randint(0, 5))
        return {key: self.parts(key) for key in keys}

    def parts(self, key):
        if key not in NESTED or self.random.random() < 0.1:
            return self.value()
        names = [name for name in NESTED[key] if self.random.random() < 0.8] + self.random.choice([[], [], [], ["extra"]])
        return {name: self.value() for name in names}

    def printed(self):
        """Measurements as hospitals send them."""
        value = self.random.choice([self.element(), self.element(), self.element(), [self.element(), self.element()]])
        if self.random.random() < 0.05:
            value = {"hr": self.random.choice(UNPRINTABLE)}
        return self.one_of([repr(value)] * 20, ["", "{", "None", "82", "'82'", "[[1]]", repr(value) + ",", " " + repr(value), repr({"hr": "9" * 20000})])

    def listed(self):
        """Measurements as phones send them."""
        elements = [self.element() for _ in range(self.random.randint(0, 3))]
        return self.one_of([elements] * 9, [elements + ["no object", None, 7], self.element(), None])

    def page(self, n):
        page = {"page_date": self.one_of(DATES), "summary": self.one_of(WORDS), "info": self.one_of(WORDS)}
        if self.random.random() < 0.5:
            page |= {"page_type": self.one_of(["medical", "medical", "social", ""]), "medical_context": self.one_of(CONTEXTS)}
            page["measurements"] = self.printed()
        else:
            page |= {"domain": self.one_of(["medical", "medical", "social", None]), "context": self.one_of(CONTEXTS)}
            page["measurements"] = self.listed()

        if self.random.random() < 0.3:
            del page["measurements"]
        if self.random.random() < 0.4:
            page |= {"health_condition_code": self.one_of(CODES), "health_condition_text": self.one_of(WORDS)}
        if self.random.random() < 0.2:
            page |= {"procedure_code": self.one_of(CODES), "procedure_text": self.one_of(WORDS)}
        if self.random.random() < 0.5:
            page |= {"author": self.one_of(WORDS), "author_acct": self.one_of(WORDS), "node": self.one_of(WORDS), "gene": self.one_of(WORDS)}
        return page

    def person(self):
        person = {
            "name": self.one_of(WORDS), "lastname": self.one_of(WORDS), "gender": self.one_of(["f", "m", "nb", "nd", "other", "x", None, 1]),
            "dob": self.one_of(DATES, ["1985-10-04", "1985", "1985-10", "1985-00-00", "04/10/1985"]), "marital_status": self.one_of(["single", "w", "odd", "", None, 3]),
            "active": self.one_of([True, False, None, "yes"]), "deceased": self.one_of([True, False, None, "no"]), "dod": self.one_of(DATES),
        }
        return {key: value for key, value in person.items() if self.random.random() < 0.8}


def dump(value):
    """JSON in which decimals keep their digits."""
    if isinstance(value, dict):
        return "{" + ",".join(json.dumps(key) + ":" + dump(one) for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(dump, value)) + "]"
    return str(value) if isinstance(value, Decimal) else json.dumps(value)


def main(seed, count):
    books = Books(seed)
    for n in range(count):
        odd = books.one_of(["", "_", ".", "-", "ñ"], ["/", " ", "x" * 80, "," , "%2F"])
        book = f"ODD{n:04}{odd}"
        pages = [books.page(i) | {"id": f"{book}p{i}", "book": book} for i in range(books.random.randint(0, 12))]
        print(dump({"person": books.person() | {"id": book}, "pages": pages}))


main(int(sys.argv[1]), int(sys.argv[2]))
