import CPhoneNumber
import TestSupport
import Testing

@Suite("libphonenumber's short way")
struct PhoneLibraryTests {
    private struct Reading: Equatable {
        let result: UInt32
        let country: Int32
        let digits: String
    }

    private func read(_ text: String, wantsValidity: Bool = false) -> Reading {
        var number = sms_phone_number()
        var text = text
        let result = text.withUTF8 { utf8 in
            utf8.withMemoryRebound(to: CChar.self) {
                sms_phone_read($0.baseAddress, $0.count, wantsValidity ? 1 : 0, &number)
            }
        }
        let digits = withUnsafeBytes(of: number.digits) {
            String(decoding: $0.prefix(Int(number.count)), as: UTF8.self)
        }
        return Reading(result: result.rawValue, country: number.country_code, digits: digits)
    }

    @Test("reads what the whole way reads, under every country code and with every first digit")
    func bothWays() {
        var random = SplitMix64(seed: 7)
        for code in 1...999 {
            for first in 0...9 {
                let rest = (0..<Int.random(in: 0...13, using: &random)).map { _ in
                    String(Int.random(in: 0...9, using: &random))
                }
                let number = "+\(code)\(first)\(rest.joined())"
                // A blank behind it is enough for the library's own parser.
                #expect(read(number) == read(number + " "), "\(number)")
            }
        }
    }

    @Test("says of each country code and length what the library says each time")
    func remembered() {
        for code in 1...999 {
            for length in 1...17 {
                let number = "+\(code)" + String(repeating: "9", count: length)
                let asked = read(number, wantsValidity: true)
                #expect(read(number) == asked, "\(number)")
                #expect(read(number) == asked, "\(number), for the second time")
                let other = "+\(code)" + String(repeating: "2", count: length)
                #expect(read(other) == read(other, wantsValidity: true), "\(other)")
            }
        }
    }
}
