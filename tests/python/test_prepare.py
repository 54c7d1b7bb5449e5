"""Every field type by a table of cases: the text as written, the value, the problem, the derived keys."""

from __future__ import annotations

import math
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from project import MODELS_ONLY, Project, prepare_models, write_package_project, write_parquet
from type_cases import assert_value_and_keys, case, numbered, text_table

FIELDS: dict[str, dict[str, Any]] = {
    "given_name": {"type": "given_name"},
    "family_name": {"type": "family_name"},
    "full_name": {"type": "full_name"},
    "born": {"type": "date", "min": date(1901, 2, 3), "max": date(2026, 12, 31)},
    "born_dmy": {"type": "date", "date_order": "dmy"},
    "email": {"type": "email", "min_complete": 0.25, "max_problems": 0.5},
    "phone": {"type": "phone", "country": "US"},
    "phone_de": {"type": "phone", "country": "DE"},
    "phone_gb": {"type": "phone", "country": "GB"},
    "phone_fr": {"type": "phone", "country": "FR"},
    "phone_in": {"type": "phone", "country": "IN"},
    "address": {"type": "address"},
    "city": {"type": "city"},
    "postcode": {"type": "postcode", "country": "US"},
    "postcode_gb": {"type": "postcode", "country": "GB"},
    "company": {"type": "company"},
    "tax_number": {"type": "identifier"},
    "gender": {"type": "category"},
    "price": {"type": "number", "min": -1000, "max": 1000000},
    "note": {"type": "text"},
    "both_names": {"type": "full_name", "column": ["first", "last"]},
}
JOINED = [("John", "Smith", "john smith"), (" ", "Smith", "smith"), (None, "Smith", "smith"), ("", None, None)]
STRANGE = [
    "ß",
    "Ł",
    "e\u0301",
    "Иван",
    "王小明",
    "😀",
    "-",
    "''",
    "\\",
    "%_",
    "0",
    "a" * 100_000,
    "a b " * 25_000,
    "1" * 100_000,
    "\u200b",
    "(",
    "[a",
    "@",
    "a@b.co" * 10_000,
    "NULL",
    "nan",
    "inf",
    "1e999",
    "-0",
    "٣",
    "ﬁ",
    "\U0001f1e9\U0001f1ea",
]


# a name, and what is left where diacritics are dropped; alone, the name stays as it is
MARKS_OF_OTHER_SCRIPTS = [
    *(
        case("given_name", name, name, soundex=None)
        for name in [
            "मीना",
            "मोना",
            "राम",
            "रमा",
            "प्रिया",
            "कुमार",
            "कमार",
            "ਗੁਰਪ੍ਰੀਤ",
            "ગીતા",
            "தாமரை",
            "அனில்",
            "అనిల్",
            "ಕಿರಣ್",
            "അനിൽ",
            "กิตติ",
            "ผู้",
            "ส้ม",
            "がく",
            "かく",
            "パトリック",
            "ハトリック",
            "김민준",
            "андрей",
            "андреи",
        ]
    ),
    *(
        case("given_name", name, value)
        for name, value in [
            ("か\u3099く", "がく"),
            ("и\u0306ван", "йван"),
            ("Алёна", "алена"),
            ("ЁЖИКОВА", "ежикова"),
            ("Γιώργος", "γιωργος"),
            ("مُحَمَّد", "محمد"),
            ("أحمد", "احمد"),
            ("דָּוִד", "דוד"),
            ("Nguyễn", "nguyen"),
            ("José मीना", "jose मीना"),
            ("मीना José", "मीना jose"),
            ("Anna \u2764\ufe0f", "anna"),
        ]
    ),
    case("company", "कोर टेक", "कोर टेक"),
    case("company", "कौर टेक", "कौर टेक"),
    case("company", "บริษัท ไทย", "ไทย"),
    case("note", "プロ ガラス", "プロ ガラス"),
    case("tax_number", "कि-12", "कि12"),
    case("city", "Αθήνα", "αθηνα"),
]

HIDDEN_AND_WIDE = [
    *(
        case(field, text, value)
        for field, text, value in [
            ("given_name", "Zo\u200b\u00eb", "zoe"),
            ("given_name", "Jo\u00adhn", "john"),
            ("given_name", "\ufeffJohn", "john"),
            ("given_name", "\u202aJohn\u202c", "john"),
            ("given_name", "Jo\u2060hn", "john"),
            ("given_name", "John\u200e", "john"),
            ("given_name", "\u2066John\u2069", "john"),
            ("given_name", "Jo\u200dhn", "john"),
            ("given_name", "فاطمه\u200cزهرا", "فاطمهزهرا"),
            ("given_name", "Ｙｕｋｉ", "yuki"),
            ("given_name", "ＹＵＫＩ\u3000ＡＮＮ", "yuki ann"),
            ("given_name", "Jean\u2011Luc", "jean luc"),
            ("given_name", "Jean\u00a0Luc", "jean luc"),
            ("given_name", "Jean\u202fLuc", "jean luc"),
            ("family_name", "ﬁsher", "fisher"),
            ("family_name", "Dĳkstra", "dijkstra"),
            ("family_name", "O＇Brien", "obrien"),
            ("company", "Ｈａｒｌｏｗ\u3000＆\u3000Ｆｉｎｃｈ", "harlow and finch"),
            ("company", "Har\u00adlow GmbH\u200b", "harlow"),
            ("city", "Ber\u200blin", "berlin"),
            ("email", "jane\u200b.roe@example.org", "jane.roe@example.org"),
            ("email", "ｊａｎｅ＠ｅｘａｍｐｌｅ．ｏｒｇ", "jane@example.org"),
            ("postcode", "０２１３９", "02139"),
            ("tax_number", "ＤＥ１２\u200b９", "de129"),
            ("note", "ＤＬ－４０ lamp", "dl 40 lamp"),
            ("address", "１２ Main\u200b St", "12 main st"),
            ("phone", "（２１２）５５５－０１８７", "+12125550187"),
            ("phone", "212\u200b-555-0187", "+12125550187"),
            ("born", "１９８０－０３－０４", date(1980, 3, 4)),
            ("born_dmy", "０３／０４／１９８０", date(1980, 4, 3)),
            ("price", "１，２３４．５０", 1234.5),
            ("price", "\ufeff12", 12.0),
        ]
    ),
    case("given_name", "\u200b\u00ad", None, "no_letters"),
]

MEANT_OTHERWISE = [
    *(
        case(field, text, value)
        for field, text, value in [
            ("company", "Birch &amp; Rowe", "birch and rowe"),
            ("company", "Birch &amp;amp; Rowe", "birch and rowe"),
            ("company", "BÃ¤ckerei Rowe", "backerei rowe"),
            ("company", "AT&T; Mobile", "at and t mobile"),
            ("city", "M&uuml;nster", "munster"),
            ("city", "MÃ¼nster", "munster"),
            ("address", "12 Main St&#44; Apt&nbsp;4", "12 main st apt 4"),
            ("gender", "d&iacute;a", "dia"),
            ("email", "jane&#64;example.org", "jane@example.org"),
            ("tax_number", "DE&nbsp;129", "de129"),
            ("phone", "212&ndash;555&#45;0187", "+12125550187"),
            ("born", "03&#47;04&#47;1980", date(1980, 3, 4)),
            ("price", "&euro;&nbsp;12", 12.0),
        ]
    ),
    case("phone", "1-800-GOFLOWERS", "+18004635693"),  # more letters than a number has digits
    case("company", "Rowe & GmbH", "rowe"),
    case("company", "Société", None, "placeholder"),
    case("company", "Socie\u0301te\u0301", None, "placeholder"),
    case("company", "Socie\u0301te\u0301 Rowe", "societe rowe"),
    case("company", "B\ufffdckerei Rowe", None, "damaged_letters"),
    case("city", "M\ufffdnster", None, "damaged_letters"),
    case("note", "B\ufffdckerei", "b ckerei"),
    case("given_name", "N&#47;A", None, "placeholder"),
    case("given_name", "&nbsp;", None, "no_letters"),
    case("given_name", "&#0;&#99999999;", None, "no_letters"),
]

APOSTROPHES = [
    *(
        case("family_name", f"O{sign}Brien", "obrien")
        for sign in [
            "'",
            "''",
            "`",
            "\u00b4",
            "\u02b9",
            "\u02bb",
            "\u02bc",
            "\u02bd",
            "\u02be",
            "\u02bf",
            "\u02c8",
            "\u05f3",
            "\u2018",
            "\u2019",
            "\u201b",
            "\u2032",
            "\u2035",
            "\ua78c",
            "\uff07",
        ]
    ),
    case("family_name", "Ka\u02bbahumanu", "kaahumanu"),
    case("given_name", "D\u02bcArcy", "darcy"),
    case("given_name", "\u02bbIolani", "iolani"),
    case("full_name", "Sinéad O\u2032Brien", "sinead obrien"),
    case("company", "Harlow\u02bcs Foods", "harlows foods"),
    case("city", "Hawai\u02bbi", "hawaii"),
    case("note", 'a 12\u2033 "disc"', "a 12 disc"),
]

GENERATIONS = [
    *(
        case("family_name", text, value, generation=generation)
        for text, value, generation in [
            ("Smith 3rd", "smith", "iii"),
            ("Smith, 3rd", "smith", "iii"),
            ("Smith the 3rd", "smith", "iii"),
            ("Smith the Third", "smith", "iii"),
            ("Smith 2nd", "smith", "ii"),
            ("SMITH 4TH", "smith", "iv"),
            ("Smith 5th", "smith", "v"),
            ("Smith (III)", "smith", "iii"),
            ("Smith (Jr.)", "smith", "jr"),
            ("Smith Jnr", "smith", "jr"),
            ("Smith, Jnr.", "smith", "jr"),
            ("Smith Snr.", "smith", "sr"),
            ("Müller jun.", "muller", "jr"),
            ("Müller, sen.", "muller", "sr"),
            ("Smith-Jones III.", "smith jones", "iii"),
            ("Jun", "jun", None),
            ("Sen", "sen", None),
            ("Das Sen", "das sen", None),
            ("Third", "third", None),
            ("Smith V", "smith v", None),
            ("Snr", "snr", None),
        ]
    ),
    *(
        case("full_name", text, value, generation=generation)
        for text, value, generation in [
            ("Okafor, Daniel M., Jr.", "daniel m okafor", "jr"),
            ("Okafor, Jr., Daniel M.", "daniel m okafor", "jr"),
            ("Okafor Jr, Daniel M", "daniel m okafor", "jr"),
            ("Okafor, Daniel M. Jr.", "daniel m okafor", "jr"),
            ("Daniel Okafor, 3rd", "daniel okafor", "iii"),
            ("Daniel Okafor III", "daniel okafor", "iii"),
            ("Okafor, Daniel, III, MD", "daniel okafor", "iii"),
            ("Daniel Okafor Jr., PhD", "daniel okafor", "jr"),
            ("Daniel Okafor, MD", "daniel okafor", None),
            ("Daniel Okafor, M.D.", "daniel okafor", None),
            ("Okafor, Daniel, MD", "daniel okafor", None),
            ("Okafor, Daniel, MA", "daniel okafor", None),
            ("Anna Weber, PhD, MBA", "anna weber", None),
            ("Anna Weber, Ph.D.", "anna weber", None),
            ("Anna Weber Ph. D.", "anna weber", None),
            ("Anna Weber PhD", "anna weber", None),
            ("Anna Weber, D.D.S.", "anna weber", None),
            ("Anna Weber, Esq.", "anna weber", None),
            ("Weber, Anna, RN, BSc", "anna weber", None),
            ("Rahman, Md Abdul", "md abdul rahman", None),
            ("Okafor, MD", "md okafor", None),
            ("Wang, Ma", "ma wang", None),
            ("Nguyen Thi, Do", "do nguyen thi", None),
            ("Ho, Esther", "esther ho", None),
            ("Cbeyond, Mphoentle", "mphoentle cbeyond", None),
            ("Amartya Sen", "amartya sen", None),
            ("Kim Jun", "kim jun", None),
            ("Smith, John, extra", "john extra smith", None),
        ]
    ),
]

TITLES = [
    *(
        case(field, text, value)
        for field, text, value in [
            ("full_name", "Prof. Dr. Anna Weber", "anna weber"),
            ("full_name", "Univ.-Prof. Dr. Anna Weber", "anna weber"),
            ("full_name", "Dr. med. Anna Weber", "anna weber"),
            ("full_name", "Dr med Anna Weber", "anna weber"),
            ("full_name", "Dr. rer. nat. Anna Weber", "anna weber"),
            ("full_name", "Prof. Dr. Dr. h.c. mult. Anna Weber", "anna weber"),
            ("full_name", "Dr. phil. Anna Weber", "anna weber"),
            ("full_name", "Dr. Phil Weber", "phil weber"),
            ("full_name", "Dipl.-Ing. Anna Weber", "anna weber"),
            ("full_name", "Dipl.-Kfm. Hans Weber", "hans weber"),
            ("full_name", "Frau Dr. Weber", "weber"),
            ("full_name", "Weber, Dr. Anna", "anna weber"),
            ("full_name", "Mr. and Mrs. John Smith", "john smith"),
            ("full_name", "Mr & Mrs John Smith", "john smith"),
            ("full_name", "Herr und Frau Weber", "weber"),
            ("full_name", "Rev. Dr. Martin King", "martin king"),
            ("full_name", "Lt. Col. John Smith", "john smith"),
            ("full_name", "Gen. Colin Powers", "colin powers"),
            ("full_name", "Hon. John Smith", "john smith"),
            ("full_name", "Rt. Hon. John Smith", "john smith"),
            ("full_name", "Sen. Ruth Okafor", "ruth okafor"),
            ("full_name", "Sra. Dra. Ana Ruiz", "ana ruiz"),
            ("full_name", "Mme Claire Petit", "claire petit"),
            ("full_name", "Dhr. Jan Smit", "jan smit"),
            ("full_name", "Smith Prof", "smith prof"),
            ("full_name", "Gen Sato", "gen sato"),
            ("full_name", "Don Smith", "don smith"),
            ("full_name", "Med Ali", "med ali"),
            ("full_name", "Andrea und", "andrea und"),
            ("given_name", "Dr. C. Anna", "c anna"),
            ("given_name", "Prof. Dr. Anna", "anna"),
            ("given_name", "Sir", "sir"),
            ("family_name", "Dr. Weber", "weber"),
            ("family_name", "Herr", "herr"),
        ]
    ),
]

INITIALS = [
    *(
        case(field, text, value)
        for field, text, value in [
            ("given_name", "J.R.R.", "jrr"),
            ("given_name", "J. R. R.", "jrr"),
            ("given_name", "J R R", "jrr"),
            ("given_name", "JRR", "jrr"),
            ("given_name", "P.J.", "pj"),
            ("given_name", "P. J.", "pj"),
            ("given_name", "PJ", "pj"),
            ("given_name", "P-J", "pj"),
            ("given_name", "J.", "j"),
            ("given_name", "Sally S.", "sally s"),
            ("given_name", "S. Sally", "s sally"),
            ("given_name", "Jo B. C.", "jo bc"),
            ("given_name", "É. L.", "el"),
            ("given_name", "И. И.", "ии"),
            ("given_name", "Dr. J. R.", "jr"),
            ("given_name", "मी ना", "मी ना"),
            ("family_name", "O P", "o p"),
            ("full_name", "J. R. R. Tolkien", "jrr tolkien"),
            ("full_name", "JRR Tolkien", "jrr tolkien"),
            ("full_name", "Tolkien, J.R.R.", "jrr tolkien"),
            ("full_name", "R. K. Rao S. P.", "rk rao sp"),
            ("full_name", "John Q. Smith", "john q smith"),
            ("full_name", "J. R. Smith Jr.", "jr smith"),
            ("full_name", "J. R.", "jr"),
        ]
    ),
]

TWO_PEOPLE = [
    *(
        case(field, text, None, "two_people")
        for field, text in [
            ("given_name", "Harold & June"),
            ("given_name", "Harold&June"),
            ("given_name", "Harold + June"),
            ("given_name", "Harold and June"),
            ("given_name", "HAROLD AND JUNE"),
            ("given_name", "H. & J."),
            ("given_name", "Hans und Grete"),
            ("given_name", "Jean et Marie"),
            ("given_name", "Juan y Ana"),
            ("given_name", "Mr. Harold & Mrs. June"),
            ("full_name", "Harold & June Smith"),
            ("full_name", "Smith, Harold & June"),
            ("full_name", "Harold Smith and June Doe"),
            ("full_name", "Hans und Grete Weber"),
        ]
    ),
    *(
        case(field, text, value)
        for field, text, value in [
            ("given_name", "Andrea", "andrea"),
            ("given_name", "Mr. & Mrs. Harold", "harold"),
            ("given_name", "Anderson", "anderson"),
            ("given_name", "Yves-Etienne", "yves etienne"),
            ("given_name", "Harold (& June)", "harold"),
            ("given_name", "Harold +", "harold"),
            ("full_name", "José Ortega y Gasset", "jose ortega y gasset"),
            ("full_name", "Mr & Mrs Harold Smith", "harold smith"),
        ]
    ),
]

CASES = [
    *(
        case(field, text, None)
        for field in FIELDS
        for text in (None, "", "   ", "\t\r\n", "\u00a0")
        if field != "both_names"
    ),
    *(case(field, "n/a", None, "placeholder") for field in FIELDS if field != "both_names"),
    # given names
    case("given_name", "  JOSÉ ", "jose", soundex="j200", initial="j", prefix="jos", first="jose"),
    case("given_name", "Bob", "bob", canonical=["bob", "robert", "roberto"]),
    case("given_name", "Zzyzx", "zzyzx", canonical=["zzyzx"]),
    case("given_name", "Jean-Luc  Marie", "jean luc marie", first="jean"),
    case("given_name", "Dr. Anna", "anna"),
    case("given_name", "Mr", None, "placeholder"),
    case("given_name", "Bob (old)", "bob"),
    case("given_name", "Bob2", "bob"),
    case("given_name", "D'Arcy", "darcy"),
    case("given_name", "O’Neil", "oneil"),
    case("given_name", "Straße", "strasse"),
    case("given_name", "STRAẞE", "strasse"),
    case("given_name", "Łukasz", "lukasz"),
    case("given_name", "Jose\u0301", "jose"),
    case("given_name", "Søren", "soren"),
    case("given_name", "Þór", "thor"),
    case("given_name", "Ægir", "aegir"),
    case("given_name", "İpek", "ipek"),
    case("given_name", "Иван", "иван", soundex=None, initial="и", prefix="ива"),
    case("given_name", "王小明", "王小明", soundex=None, initial="王"),
    case("given_name", "😀", None, "no_letters"),
    case("given_name", "Anna 😀", "anna"),
    case("given_name", "12345", None, "no_letters"),
    case("given_name", "(unknown)", None, "placeholder"),
    case("given_name", "asdf", None, "keyboard mash"),
    case("given_name", "x" * 100_000, "x" * 100_000, prefix="xxx", initial="x"),
    *MARKS_OF_OTHER_SCRIPTS,
    *HIDDEN_AND_WIDE,
    *MEANT_OTHERWISE,
    *APOSTROPHES,
    *GENERATIONS,
    *TITLES,
    *INITIALS,
    *TWO_PEOPLE,
    # family names
    case("family_name", "O'Brien-Núñez Jr.", "obrien nunez", generation="jr", prefix="obri", initial="o"),
    case("family_name", "Smith III", "smith", generation="iii"),
    case("family_name", "Smith Senior", "smith", generation="sr"),
    case("family_name", "Junior", "junior", generation=None),
    case("family_name", "Null", "null"),
    # American Soundex, by the examples of the US National Archives
    *(
        case("family_name", name, name.lower(), soundex=code)
        for name, code in [
            ("Washington", "w252"),
            ("Lee", "l000"),
            ("Gutierrez", "g362"),
            ("Pfister", "p236"),
            ("Jackson", "j250"),
            ("Tymczak", "t522"),
            ("Ashcraft", "a261"),
            ("Robert", "r163"),
            ("Rupert", "r163"),
            ("Rubin", "r150"),
            ("Honeyman", "h555"),
            ("Whhite", "w300"),
            ("Lloyd", "l300"),
        ]
    ),
    # full names
    case("full_name", "Smith, John", "john smith", first="john", last="smith", sorted="john smith", initials="js"),
    case("full_name", "Smith Jr., John", "john smith", generation="jr"),
    case("full_name", "John Smith, Jr.", "john smith", generation="jr"),
    case("full_name", "JOHN  Q. SMITH", "john q smith", initials="jqs", last_soundex="s530"),
    case("full_name", "Bob Smith", "bob smith", canonical=["bob", "robert", "roberto"]),
    case("full_name", "Madonna", "madonna", first="madonna", last="madonna"),
    case("full_name", "Frau Müller", "muller"),
    case("full_name", "Иван Петров", "иван петров", last_soundex=None, initials="ип"),
    # dates
    case("born", "1980-03-04", date(1980, 3, 4), digits="19800304", year="1980", year_month="198003", month_day="0304"),
    *(
        case("born", text, date(1980, 3, 4))
        for text in [
            "19800304",
            "1980/03/04",
            "1980-3-4",
            "03/04/1980",
            "3/4/1980",
            "03-04-1980",
            "04.03.1980",
            "4 Mar 1980",
            "4 March 1980",
            "04-Mar-1980",
            "Mar 4 1980",
            "March 4, 1980",
            "MARCH 4, 1980",
            "3/4/80",
            "03-04-80",
            "4 Mar 80",
            "04-Mar-80",
            "Mar 4, 80",
            "1980-03-04 00:00:00",
            "1980-03-04T05:06:07Z",
            "1980-03-04 05:06:07.123+02",
            "3/4/1980 5:06 PM",
        ]
    ),
    case("born", "25.12.1980", date(1980, 12, 25)),
    case("born", "1/2/26", date(2026, 1, 2)),
    case("born", "1/2/27", date(1927, 1, 2)),
    case("born", "12/31/00", date(2000, 12, 31)),
    case("born", "1901-02-03", date(1901, 2, 3)),
    case("born", "2026-12-31", date(2026, 12, 31)),
    case("born", "2000-02-29", date(2000, 2, 29)),
    *(
        case("born", text, None, "unreadable")
        for text in [
            "yesterday",
            "12",
            "😀",
            "٣",
        ]
    ),
    *(case("born", text, None, "no_such_day") for text in ["1980-02-30", "1981-02-29", "13/13/1980"]),
    *(case("born", text, None, "incomplete") for text in ["1980", "1980-03"]),
    case("born", "31/12/1980", date(1980, 12, 31), remark="other_date_order"),
    case("born", "1901-02-02", None, "too_early"),
    case("born", "2027-01-01", None, "too_late"),
    case("born", "1900-01-01", None, "default date"),
    case("born", "01/01/1900", None, "default date"),
    case("born", "1970-01-01", date(1970, 1, 1)),
    case("born_dmy", "03/04/1980", date(1980, 4, 3)),
    case("born_dmy", "3.4.80", date(1980, 4, 3)),
    case("born_dmy", "31/12/1980", date(1980, 12, 31)),
    case("born_dmy", "12/31/1980", date(1980, 12, 31), remark="other_date_order"),
    case("born_dmy", "1.1.68", date(2068, 1, 1)),
    case("born_dmy", "1.1.69", date(1969, 1, 1)),
    case("born_dmy", "1980-04-03", date(1980, 4, 3)),
    # e-mail addresses
    case("email", " John.Smith@Example.COM ", "john.smith@example.com", local="john.smith", domain="example.com"),
    case("email", "J.o.s.e+news@GMail.com", "jose@gmail.com", local="jose", domain="gmail.com"),
    case("email", "jose@googlemail.com", "jose@gmail.com"),
    case("email", "jo.se@hotmail.com", "jo.se@hotmail.com"),
    case("email", "a+b@example.org", "a@example.org"),
    case("email", "mailto:a@example.org", "a@example.org"),
    case("email", "John Smith <john@example.org>", "john@example.org"),
    case("email", "<john@example.org>;", "john@example.org"),
    case("email", "josé@example.org.", "jose@example.org"),
    case("email", "john@müller.de", "john@muller.de"),
    case("email", "a@b.example.co.uk", "a@b.example.co.uk", domain="b.example.co.uk"),
    case("email", "test@test.com", None, "test value"),
    *(
        case("email", text, None, "not_an_address")
        for text in ["john", "john@", "@example.org", "a@b", "a@b@example.org", "+tag@gmail.com", "...@gmail.com"]
    ),
    # phones, each number six ways
    *(
        case("phone", text, "+12125550187", last7="5550187")
        for text in [
            "212-555-0187",
            "(212) 555-0187",
            "212.555.0187",
            "+1 212 555 0187",
            "1-212-555-0187",
            "001 212 555 0187",
            "011 1 212 555 0187",
            "2125550187",
            "212 555 0187 ext. 12",
            "212-555-0187 x12",
            "212-555-0187 #12",
            "(212) 555-0187 (ext 12)",
            "fax 212-555-0187",
            "Tel: 212-555-0187",
            "212-555-0187 (home)",
        ]
    ),
    *(
        case("phone_de", text, "+493012345678", last7="2345678")
        for text in [
            "030 12345678",
            "030/12345678",
            "+49 30 12345678",
            "+49 (0)30 12345678",
            "0049 30 12345678",
            "(030) 123 456 78",
        ]
    ),
    *(
        case("phone_gb", text, "+442079460018")
        for text in [
            "020 7946 0018",
            "(020) 7946 0018",
            "+44 20 7946 0018",
            "+44 (0) 20 7946 0018",
            "0044 20 7946 0018",
            "44 20 7946 0018",
        ]
    ),
    *(
        case("phone_fr", text, "+33199001234")
        for text in [
            "01 99 00 12 34",
            "01.99.00.12.34",
            "+33 1 99 00 12 34",
            "+33 (0)1 99 00 12 34",
            "0033 1 99 00 12 34",
            "0199001234",
        ]
    ),
    *(
        case("phone_in", text, "+919876501234")
        for text in [
            "98765 01234",
            "09876501234",
            "+91 98765 01234",
            "+91-9876501234",
            "0091 9876501234",
            "919876501234",
        ]
    ),
    case("phone", "+44 20 7946 0018", "+442079460018"),
    case("phone_gb", "+1 212 555 0187", "+12125550187"),
    case("phone", "555-0187", "5550187", last7="5550187"),
    case("phone", "12345", None, "wrong_length"),
    case("phone", "739518", "739518"),
    case("phone", "7395182640173951", "7395182640173951"),
    case("phone", "73951826401739518", None, "wrong_length"),
    case("phone", "000-000-0000", None, "dummy number"),
    case("phone", "(123) 456-7890", None, "dummy number"),
    case("phone", "+1 123 456 7890", None, "dummy number"),
    case("phone", "415 777-7777", None, "repeated_digit"),
    case("phone", "call me", None, "no_digits"),
    case("phone", "1" * 100_000, None, "wrong_length"),
    case("phone", "٣٣٣", None, "wrong_length"),
    # addresses
    case(
        "address",
        "12 North Main Street Apt. 4",
        "12 n main st apt 4",
        number="12",
        street="n main st",
    ),
    case("address", "12 N. Main St., Apt 4", "12 n main st apt 4"),
    case("address", "Hauptstraße 5a", "hauptstr 5a", number="5a", street="hauptstr"),
    case("address", "Hauptstr. 5a", "hauptstr 5a"),
    case("address", "Улица Ленина 5", "улица ленина 5", number="5"),
    case("address", "917", "917", number="917", street=None),
    case("address", "-;-", None, "no_letters_or_digits"),
    # cities
    case("city", "St. Louis", "st louis", soundex="s342", prefix="st l"),
    case("city", "Saint Louis", "st louis"),
    case("city", "München", "munchen"),
    case("city", "Москва", "москва"),
    case("city", "Paris 75001", "paris"),
    case("city", "75001", None, "no_letters"),
    # postcodes
    case("postcode", "02139-1234", "02139", area="021"),
    case("postcode", "02139", "02139"),
    case("postcode", "021391234", "02139"),
    case("postcode", "2139", "02139"),
    case("postcode", "Berlin", None, "no_digits"),
    case("postcode", "00000", None, "dummy code"),
    case("postcode", "77777", None, "repeated_digit"),
    case("postcode", "12", None, "wrong_length"),
    case("postcode_gb", "sw1a 1aa", "sw1a1aa", area="sw1a"),
    case("postcode_gb", "M1 1AE", "m11ae", area="m1"),
    case("postcode_gb", "021391234", "021391234"),
    case("postcode_gb", "021", "021"),
    case("postcode_gb", "0213912346", "0213912346"),
    case("postcode_gb", "02139123468", None, "wrong_length"),
    # companies
    case(
        "company",
        "The Müller & Söhne GmbH",
        "muller and sohne",
        legal_form="gmbh",
        acronym="ms",
        joined="mullerandsohne",
        first="muller",
        prefix="mulle",
    ),
    case("company", "I.B.M. Corp.", "ibm", legal_form="corp", ngrams=["ibm"]),
    case(
        "company", "International Business Machines", "international business machines", acronym="ibm", legal_form=None
    ),
    case("company", "Smith, Inc.", "smith", legal_form="inc"),
    case("company", "Holding S.A.R.L.", "holding", legal_form="sarl"),
    case("company", "GmbH", "gmbh"),
    case("company", "3M", "3m", ngrams=["3m"]),
    case("company", "株式会社トヨタ", "トヨタ", soundex=None),
    case("company", "!!!", None, "no_letters_or_digits"),
    # identifiers
    case("tax_number", "12-345 679/8", "123456798", last4="6798"),
    case("tax_number", "de 123", "de123", last4="e123"),
    case("tax_number", "123", "123", last4=None),
    case("tax_number", "9999", None, "repeated_digit"),
    case("tax_number", "12-345 678/9", None, "dummy number"),
    case("tax_number", "qqqqqq", None, "repeated_digit"),
    case("tax_number", "--", None, "placeholder"),
    # categories
    case("gender", " Female ", "female"),
    case("gender", "wholesale / retail", "wholesale retail"),
    case("gender", "??", None, "placeholder"),
    # numbers
    *(
        case("price", text, number)
        for text, number in [
            ("12", 12.0),
            (" -5.50 ", -5.5),
            ("+3", 3.0),
            ("$1,234.50", 1234.5),
            ("1 234", 1234.0),
            ("1'234", 1234.0),
            ("1,234", 1234.0),
            ("1.234,50 €", 1234.5),
            ("12,5", 12.5),
            ("12 pieces", 12.0),
            ("3 Euro", 3.0),
            ("1e3", 1000.0),
            ("1.5E-2", 0.015),
            ("USD 7", 7.0),
            ("0", 0.0),
            (".5", 0.5),
        ]
    ),
    case("price", "2.6", 2.6, rounded="3.0"),
    *(case("price", text, None, "unreadable") for text in ["1e999", "--1", "e", "1.2.3"]),
    case("price", "٣", 3.0),
    case("price", "1-2", None, "two_numbers"),
    case("price", "nan", None, "placeholder"),
    case("price", "inf", None, "sentinel number"),
    case("price", "-1001", None, "too_small"),
    case("price", "1000001", None, "too_large"),
    # texts
    case(
        "note",
        "Canon EOS-5D, mk. 4 (24.2MP)!",
        "canon eos 5d mk 4 24 2mp",
        numbers=["24", "2mp", "4", "5d"],
        first="canon",
        prefix="canon eos ",
    ),
    case("note", "abc", "abc", ngrams=["abc"], numbers=[]),
    case("note", "ab", "ab", ngrams=["ab"]),
    case("note", "abcd", "abcd", ngrams=["abc", "bcd"]),
    case("note", "王小明 和", "王小明 和", ngrams=["小明 ", "明 和", "王小明"]),
    case("note", "😀", None, "no_letters_or_digits"),
    case("note", "x" * 100_000, "x" * 100_000, beginning="x" * 100, ngrams=["xxx"]),
]


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A record for each case, with only the field of the case filled; then one for each strange text, in all fields."""
    folder = tmp_path_factory.mktemp("prepare")
    columns = [field for field in FIELDS if field != "both_names"] + ["first", "last"]
    rows: list[dict[str, Any]] = [{field: text} for field, text, _ in CASES]
    rows += [dict.fromkeys(columns, text) for text in STRANGE]
    rows += [{"first": first, "last": last} for first, last, _ in JOINED]
    source = write_parquet(folder / "input.parquet", text_table(rows, columns))
    spec = {"input": "raw", "record_id": "id", "fields": FIELDS, "blocking": [["email"]]}
    models = {
        "raw.sql": f"select * from read_parquet('{source}')",
        **prepare_models("things"),
    }
    project = Project(write_package_project(folder, {"things": spec}, models))
    project.dbt("build", *MODELS_ONLY)
    return project


@pytest.fixture(scope="module")
def records(prepared: Project) -> list[dict[str, Any]]:
    """What stg_things__records and int_things__keyed_records say of each record together."""
    return prepared.dicts(
        """
        select *
        from stg_things__records
        inner join int_things__keyed_records using (record_id)
        order by record_id
        """
    )


@pytest.mark.parametrize(("number", "field", "expected"), numbered(CASES))
def test_a_value_and_its_keys(records: list[dict[str, Any]], number: int, field: str, expected: dict[str, Any]) -> None:
    assert_value_and_keys(records[number], field, expected)


@pytest.mark.parametrize(("number", "value"), list(enumerate(value for _, _, value in JOINED)))
def test_several_columns_are_one_field(records: list[dict[str, Any]], number: int, value: str | None) -> None:
    assert records[len(CASES) + len(STRANGE) + number]["both_names"] == value


def test_what_was_written_is_never_lost(records: list[dict[str, Any]]) -> None:
    for record, (field, text, _) in zip(records, CASES, strict=False):
        written = (text or "").strip(" \t\r\n\u00a0") or None
        assert record[f"{field}__original"] == written


def test_every_text_has_a_value_or_a_problem_and_keys_only_with_a_value(records: list[dict[str, Any]]) -> None:
    for record in records:
        for field in FIELDS:
            value, problem, original = record[field], record[f"{field}__problem"], record[f"{field}__original"]
            assert (original is None) == (value is None and problem is None), (field, original)
            assert value is None or problem is None, (field, original)
            assert value != "", (field, original)
            keys = {
                name: key for name, key in record.items() if name.startswith(f"{field}__") and name not in own(field)
            }
            assert keys
            if value is None:
                assert set(keys.values()) == {None}, (field, original)
            assert "" not in [key for key in keys.values() if isinstance(key, str)], (field, original)
            assert record[f"{field}__rarity"] is None or 0 <= record[f"{field}__rarity"] < math.inf
            assert not isinstance(value, float) or math.isfinite(value), (field, original)


def test_record_keys_are_dense_in_order_of_the_id(records: list[dict[str, Any]]) -> None:
    assert [record["record_key"] for record in records] == list(range(1, len(records) + 1))


def test_records_are_equal_to_their_representative_and_empty_records_to_nobody(records: list[dict[str, Any]]) -> None:
    first: dict[tuple[Any, ...], int] = {}
    for record in records:
        values = tuple(record[field] for field in FIELDS)
        alone = set(values) == {None}
        expected = record["record_key"] if alone else first.setdefault(values, record["record_key"])
        assert record["representative_key"] == expected
    assert len(first) < len(records)


def test_rare_words_come_first_and_are_rare(records: list[dict[str, Any]], prepared: Project) -> None:
    notes = [record for record in records if record["note"]]
    words = Counter(word for record in notes for word in set(record["note"].split(" ")))
    for record in notes:
        weights = [code >> 48 for code in record["note__tokens"]]
        assert weights == sorted(weights, reverse=True)
        expected = [1000 * math.log2(1 + len(records) / words[word]) for word in set(record["note"].split(" "))]
        assert weights == pytest.approx(sorted(expected, reverse=True), abs=1)
        assert record["note__rare_tokens"] == record["note__tokens"][:3]
        assert record["note__token_weight"] == pytest.approx(sum(weights) / 1000)
        assert record["note__token_squares"] == pytest.approx(sum(weight**2 for weight in weights) / 1e6)


def test_rarity_is_in_bits(records: list[dict[str, Any]]) -> None:
    counts = Counter(record["city"] for record in records if record["city"])
    for record in records:
        expected = math.log2(counts.total() / counts[record["city"]]) if record["city"] else None
        assert record["city__rarity"] == (expected if expected is None else pytest.approx(expected, abs=1e-6))


def test_quality_issues_hold_every_problem_and_remark_as_it_was_written(
    records: list[dict[str, Any]], prepared: Project
) -> None:
    expected = sorted(
        (record["record_id"], field, record[column], record[f"{field}__original"], is_used)
        for record in records
        for field in FIELDS
        for column, is_used in [(f"{field}__problem", False), (f"{field}__remark", True)]
        if record.get(column)
    )
    assert len(expected) > 100
    assert {is_used for *_, is_used in expected} == {False, True}
    of_one_value = prepared.rows(
        "select record_id, field, problem, original_value, is_used from things_quality_issues"
        " where rule like 'prepare_%' or rule = 'dedup_placeholders'"
    )
    assert of_one_value == expected


def test_profile_counts_what_is_in_the_records(records: list[dict[str, Any]], prepared: Project) -> None:
    profile = prepared.dicts("select * from things_profile")
    assert [row["field"] for row in profile] == list(FIELDS)
    for number, row in enumerate(profile, start=1):
        field = row["field"]
        originals = [r[f"{field}__original"] for r in records if r[f"{field}__original"] is not None]
        values = [r[field] for r in records if r[field] is not None]
        problems = sum(r[f"{field}__problem"] is not None for r in records)
        common = Counter(map(text_of, values))
        most = max(common.values())
        assert row == {
            "field_number": number,
            "field": field,
            "field_type": FIELDS[field]["type"],
            "records": len(records),
            "filled": len(originals),
            "problems": problems,
            "usable": len(values),
            "completeness": pytest.approx(len(values) / len(records)),
            "min_complete": FIELDS[field].get("min_complete"),
            "problem_rate": pytest.approx(problems / len(originals)),
            "max_problems": FIELDS[field].get("max_problems"),
            "distinct_values": len(set(values)),
            "distinctness": pytest.approx(len(set(values)) / len(values)),
            "most_common_value": min((v for v, n in common.items() if n == most), key=lambda v: v.encode()),
            "most_common_share": pytest.approx(most / len(values)),
            "shortest": min(map(len, originals)),
            "longest": max(map(len, originals)),
        }


def own(field: str) -> set[str]:
    return {f"{field}__original", f"{field}__problem"}


def text_of(value: Any) -> str:
    return value if isinstance(value, str) else str(value)


def test_a_damaged_text_that_several_records_share_is_read_once(tmp_path: Path) -> None:
    """Also where one column is read, so that nothing else makes the texts distinct."""
    names = ["MÃ¼ller", "MÃ¼ller", "Muller", "MÃ¼ller"]
    source = write_parquet(tmp_path / "input.parquet", text_table([{"name": name} for name in names], ["name"]))
    spec = {"input": "raw", "record_id": "id", "fields": {"name": {"type": "family_name"}}, "blocking": [["name"]]}
    models = {"raw.sql": f"select * from read_parquet('{source}')", **prepare_models("things")}
    project = Project(write_package_project(tmp_path, {"things": spec}, models))
    project.dbt("build", *MODELS_ONLY)
    records = project.rows("select name, name__original from stg_things__records order by record_id")
    assert records == [("muller", name) for name in names]
