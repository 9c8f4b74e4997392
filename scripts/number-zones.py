#!/usr/bin/env python3
"""Writes libphonenumber's time zones of number prefixes into Sources/SMSCore/Windows/NumberZones+Generated.swift.

    pip download --no-deps --no-binary :all: phonenumbers==<version>     # then unpack it
    scripts/number-zones.py <folder with phonenumbers/tzdata>

The Python package phonenumbers carries libphonenumber's own file resources/timezones/map_data.txt (Apache-2.0) as it is;
its version is libphonenumber's. A prefix that has its parent's zones is left out, for the parent's entry says the same.

libphonenumber asks the table by area for geographical numbers alone; a mobile number of most countries has the zones of
its whole country (PhoneNumberToTimeZonesMapper). A prefix under which there are numbers of the other kind gets the
country's zones here, so that the longest prefix is the answer for all.
"""
import pathlib
import random
import re
import sys

TARGET = pathlib.Path(__file__).parent.parent / "Sources/SMSCore/Windows/NumberZones+Generated.swift"
HEAD = """\
// Written by scripts/number-zones.py from libphonenumber {version}.
//
// Copyright (C) 2011 The Libphonenumber Authors
//
// Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with the
// License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0 (LICENSE in this
// repository). Unless required by applicable law or agreed to in writing, software distributed under the License is
// distributed on an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the
// License for the specific language governing permissions and limitations under the License.
//
// Changed: another form, without prefixes whose zones are those of a shorter one.

extension NumberZones {{
    /// Lines of `zone,zone=prefix,prefix`.
    static let text = \"\"\"
"""


def main(folder: str) -> None:
    sys.path.insert(0, folder)
    import phonenumbers
    from phonenumbers.tzdata import TIMEZONE_DATA as data

    def has_others(prefix, country):
        """Whether there are valid numbers under a prefix that are not geographical: 100 are tried of each length."""
        dice = random.Random(prefix)
        for length in range(len(prefix) + 1, 15):
            for _ in range(100):
                tail = "".join(dice.choice("0123456789") for _ in range(length - len(prefix)))
                number = phonenumbers.PhoneNumber(country, int((prefix + tail)[len(str(country)):]))
                if phonenumbers.is_valid_number(number) and not phonenumbers.is_number_geographical(number):
                    return True
        return False

    codes = sorted(map(str, phonenumbers.COUNTRY_CODE_TO_REGION_CODE), key=len, reverse=True)
    for prefix in sorted(data):
        country = next(code for code in codes if prefix.startswith(code))
        # Mobile numbers of these countries are geographical (GEO_MOBILE_COUNTRIES), and +1 has no ranges of their own.
        if prefix == country or country in ("1", "52", "54", "55", "62") or data[prefix] == data.get(country):
            continue
        if has_others(prefix, int(country)):
            data[prefix] = data[country]

    def parent(prefix):
        return next((data[prefix[:n]] for n in range(len(prefix) - 1, 0, -1) if prefix[:n] in data), None)

    sets = {}
    for prefix in sorted(data):
        assert re.fullmatch(r"[1-9][0-9]{0,8}", prefix), prefix
        assert all(re.fullmatch(r"[A-Za-z_]+(/[A-Za-z_-]+)+", zone) for zone in data[prefix]), prefix
        if parent(prefix) != data[prefix]:
            sets.setdefault(data[prefix], []).append(prefix)
    with open(TARGET, "w", encoding="utf-8") as file:
        file.write(HEAD.format(version=phonenumbers.__version__))
        for zones, prefixes in sets.items():
            line = ",".join(zones) + "=" + ",".join(prefixes)
            while len(line) > 108:
                cut = max(line.rfind(mark, 0, 108) for mark in ",=") + 1
                file.write("        " + line[:cut] + "\\\n")
                line = line[cut:]
            file.write("        " + line + "\n")
        file.write('        """\n}\n')


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
