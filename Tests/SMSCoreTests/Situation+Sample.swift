import Contracts
import SMSCore

extension Decision.Situation {
    /// The command `a-1` as it comes from the queue, with more fields as JSON (`, "on_uncertain": "auto"`).
    static func sample(
        _ fields: String = "",
        digest: String = "d1",
        wantsReply: Bool = false,
        marks: CopyMarks = CopyMarks(),
        now: Timestamp
    ) throws -> Decision.Situation {
        let id = CommandID("a-1").unsafelyUnwrapped
        let json = #"{"to": "14155550100", "text": "x"\#(fields)}"#
        return Decision.Situation(
            id: id,
            bodyDigest: digest,
            lane: .send,
            preparation: Preparation.of(
                try SendCommand.read(Array(json.utf8), now: now),
                id: id,
                defaultSender: Sender("14155550199")
            ),
            correlationID: "corr",
            traceparent: nil,
            wantsReply: wantsReply,
            marks: marks,
            now: now
        )
    }
}
