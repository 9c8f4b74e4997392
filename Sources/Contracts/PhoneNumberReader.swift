internal import CPhoneNumber

/// Reads telephone numbers: the one reader for commands, files, lists, the command line, HTTP and webhooks.
///
/// The number is international; its `+` may be missing. Spaces, dots, dashes and brackets of any script may stand
/// anywhere, digits may be of any script, invisible characters are dropped, and so is a bracketed trunk zero
/// (`+44 (0)7700 900123`). Everything else is refused, with its place: letters, extensions, two numbers, a decimal
/// fraction (`14155550121.0`, as spreadsheets write a column of numbers). Which country codes there are, which lengths
/// are possible in each and what its trunk prefix is, libphonenumber knows (`IsPossibleNumberWithReason`).
package enum PhoneNumberReader {
    /// Bytes of UTF-8 that are looked at; libphonenumber's own limit.
    private static let inputLimit = 250

    /// Reads a number.
    ///
    /// - Returns: the number in E.164, or what is wrong with it.
    package static func read(_ written: String) -> Result<PhoneNumber, PhoneNumberProblem> {
        do throws(PhoneNumberProblem) {
            return .success(try number(written))
        } catch {
            return .failure(error)
        }
    }

    private static func number(_ written: String) throws(PhoneNumberProblem) -> PhoneNumber {
        guard written.utf8.count <= inputLimit else {
            throw PhoneNumberProblem("longer than \(inputLimit) bytes")
        }
        let parts = try PhoneNumberParts(written)
        guard let zero = parts.bracketedZero else { return try possible(parts.digits).get() }
        var without = parts.digits
        without.remove(at: without.index(without.startIndex, offsetBy: zero))
        return try choose(kept: look(parts.digits), dropped: look(without))
    }

    // MARK: - What libphonenumber says

    private struct Look {
        let result: Result<PhoneNumber, PhoneNumberProblem>
        let isValid: Bool

        var number: PhoneNumber? { try? result.get() }
    }

    /// A bracketed zero is the trunk prefix, which is not dialled from abroad, or, as in Italy, part of the number.
    private static func choose(kept: Look, dropped: Look) throws(PhoneNumberProblem) -> PhoneNumber {
        switch (kept.number, dropped.number) {
        case (nil, nil): return try dropped.result.get()
        case (let number?, nil): return number
        case (nil, let number?): return number
        case (let with?, let without?):
            // The library has taken it for the trunk prefix, too.
            if with == without || !kept.isValid { return without }
            guard !dropped.isValid else {
                throw PhoneNumberProblem(
                    "with and without the bracketed 0 it is another valid number; write it as it is dialled"
                )
            }
            return with
        }
    }

    private static func look(_ digits: String) -> Look {
        var number = sms_phone_number()
        let result = possible(digits, &number, wantsValidity: true)
        return Look(result: result, isValid: number.is_valid != 0)
    }

    private static func possible(_ digits: String) -> Result<PhoneNumber, PhoneNumberProblem> {
        var number = sms_phone_number()
        return possible(digits, &number, wantsValidity: false)
    }

    private static func possible(
        _ digits: String,
        _ number: inout sms_phone_number,
        wantsValidity: Bool
    ) -> Result<PhoneNumber, PhoneNumberProblem> {
        guard !digits.isEmpty else { return .failure(PhoneNumberProblem("it has no digits")) }
        var text = "+" + digits
        let result = text.withUTF8 { utf8 in
            unsafe utf8.withMemoryRebound(to: CChar.self) { characters in
                unsafe sms_phone_read(characters.baseAddress, characters.count, wantsValidity ? 1 : 0, &number)
            }
        }
        let country = "+\(number.country_code)"
        switch result {
        case SMS_PHONE_POSSIBLE: break
        case SMS_PHONE_TOO_SHORT where number.country_code != 0:
            return .failure(PhoneNumberProblem("too short for \(country)"))
        case SMS_PHONE_TOO_LONG where number.country_code != 0:
            return .failure(PhoneNumberProblem("too long for \(country)"))
        case SMS_PHONE_TOO_SHORT: return .failure(PhoneNumberProblem("too short"))
        case SMS_PHONE_TOO_LONG: return .failure(PhoneNumberProblem("too long: it has \(digits.utf8.count) digits"))
        case SMS_PHONE_INVALID_LENGTH:
            return .failure(PhoneNumberProblem("of a length that no number of \(country) has"))
        case SMS_PHONE_LOCAL_ONLY:
            return .failure(PhoneNumberProblem("possible only within \(country): its area code is missing"))
        case SMS_PHONE_UNKNOWN_COUNTRY_CODE:
            return .failure(PhoneNumberProblem("it begins with no country code that exists (as 1, 33 or 44)"))
        default: return .failure(PhoneNumberProblem("it does not read as one"))
        }
        let read = digitsOf(number)
        // The library also rewrites some national ways of dialling. What it makes of them may be right, but it is not
        // what was written, so it cannot be checked.
        guard digits.hasPrefix(String(number.country_code)),
            digits.hasSuffix(read.dropFirst(String(number.country_code).utf8.count))
        else {
            return .failure(PhoneNumberProblem("written as it is dialled within \(country); write it as from abroad"))
        }
        // Of two trunk prefixes the library takes one away at a time, and the rest would be another spelling.
        if read != digits, (try? possible(read).get())?.digits != read {
            return .failure(PhoneNumberProblem("it has two trunk prefixes of \(country)"))
        }
        guard let e164 = PhoneNumber(digits: read) else {
            let count = read.utf8.count
            return .failure(
                PhoneNumberProblem("too \(count > 15 ? "long" : "short"): it has \(count) digits, E.164 7 to 15")
            )
        }
        return .success(e164)
    }

    private static func digitsOf(_ number: sms_phone_number) -> String {
        unsafe withUnsafeBytes(of: number.digits) { bytes in
            unsafe String(decoding: bytes.prefix(Int(number.count)), as: UTF8.self)
        }
    }
}
