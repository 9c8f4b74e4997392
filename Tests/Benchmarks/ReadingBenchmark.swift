import ArgumentParser
import Contracts
import Foundation

/// What reading costs: a command, against Foundation's own reader of JSON over the same bytes, and telephone numbers.
struct ReadingBenchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "reading")

    private static let command = Array(
        #"""
        {"to": "+14155550121", "text": "Your parcel is here. Track it at https://example.com/p/123456", "from": "+14155550100",
         "client_ref": "order-17", "metadata": {"shop": "north", "order": "17"}, "expires_at": "2027-06-01T10:00:00Z"}
        """#.utf8
    )

    func run() async throws {
        let now = Timestamp.now
        let data = Data(Self.command)
        let reading = Times.of(20_000) { _ in _ = try? SendCommand.read(Self.command, now: now) }
        let foundation = Times.of(20_000) { _ in _ = try? JSONSerialization.jsonObject(with: data) }
        let decoder = Times.of(20_000) { _ in _ = try? JSONDecoder().decode(Body.self, from: data) }
        print("reading: a command, whole: \(reading.summary)")
        print("reading: the same by Foundation, untyped: \(foundation.summary)")
        print("reading: the same by Foundation, typed, nothing held against a rule: \(decoder.summary)")
        for written in ["+14155550121", "+447700900123", "+8613812345678", "+44 (0)7700 900123"] {
            let times = Times.of(20_000) { _ in _ = PhoneNumber(written) }
            print("reading: the number \(written): \(times.summary)")
        }
    }

    private struct Body: Decodable {
        let to: String
        let text: String
        let from: String
        let clientRef: String
        let metadata: [String: String]
        let expiresAt: String

        private enum CodingKeys: String, CodingKey {
            case to, text, from, metadata
            case clientRef = "client_ref"
            case expiresAt = "expires_at"
        }
    }
}
