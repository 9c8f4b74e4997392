import AMQP
import Contracts
import Foundation
import Testing
import VonageSimulator

/// Files as spreadsheets write them, and what terminals pass on.
@Suite("Files and the command line are read right", .enabled(if: World.brokerURL != nil), .timeLimit(.minutes(3)))
struct FileReadingTests {
    /// A file of recipients, to whom it goes, and how many of it are invalid.
    private struct List {
        let name: String
        let file: String
        var text = "Hello"
        let sent: [String]
        var invalid = 0
    }

    private static let lists = [
        List(
            name: "a column that became floating point",
            file: "to,name\n14155550121.0,Ada\n+14155550122,Bob\n",
            text: "Hi {{name}}",
            sent: ["14155550122"],
            invalid: 1
        ),
        List(
            name: "empty columns behind",
            file: "to,name,,,\r\n+14155550181,Ada,,,\r\n+14155550182,Bob,,,\r\n",
            text: "Hi {{name}}",
            sent: ["14155550181", "14155550182"]
        ),
        List(name: "empty columns in front", file: ",,to,name\r\n,,+14155550183,Cy\r\n", sent: ["14155550183"]),
        List(
            name: "short rows",
            file: "to,name,city\r\n+14155550184,Ada,Rome\r\n+14155550185,Bob\r\n+14155550186\r\n",
            sent: ["14155550184", "14155550185", "14155550186"]
        ),
        List(
            name: "a comma more than the header",
            file: "to,name\r\n+14155550187,Ada,\r\n+14155550188,Bob\r\n",
            sent: ["14155550187", "14155550188"]
        ),
        List(name: "a capital in the header", file: "To,name\n+14155550291,Ada\n", sent: ["14155550291"]),
        List(
            name: "blanks and quotes in the header",
            file: "\" TO \", Name \n+14155550292,Ada\n",
            sent: ["14155550292"]
        ),
        List(name: "semicolons", file: "to;name\n+14155550295;Ada\n", sent: ["14155550295"]),
        List(name: "Excel's line", file: "sep=;\r\nto;name\r\n+14155550296;Ada\r\n", sent: ["14155550296"]),
        List(
            name: "a hundred blank rows",
            file: "to,name\r\n+14155550353,Ada\r\n" + String(repeating: ",\r\n", count: 100),
            sent: ["14155550353"]
        ),
    ]

    private func run(_ arguments: [String], in world: World) async throws -> (code: Int32?, output: String) {
        let process = try ServiceProcess(arguments, environment: world.environment, directory: world.folder)
        let code = await process.waitForExit()
        return (code, process.log)
    }

    /// Has a shell run a command line, in which `$BRIDGE` is the binary: Foundation passes on nothing but UTF-8.
    private func shell(_ line: String, in world: World) async throws -> (code: Int32?, output: String) {
        let process = try ServiceProcess(
            ["-c", line],
            executable: URL(filePath: "/bin/sh"),
            environment: world.environment.merging(["BRIDGE": ServiceProcess.binary.path]) { $1 },
            directory: world.folder
        )
        let code = await process.waitForExit()
        return (code, process.log)
    }

    @Test("a campaign's file, as spreadsheets export it")
    func campaigns() async throws {
        try await World.with(extra: ["SEND_RATE": "0"]) { world in
            let service = try await world.startService()
            var sent: [String] = []
            for (index, list) in Self.lists.enumerated() {
                let file = world.folder.appending(path: "list-\(index).csv")
                try Data(list.file.utf8).write(to: file)
                let arguments = ["--file", file.path, "--text", list.text, "--id", "file-\(index)", "--json"]
                let (code, output) = try await run(["campaign"] + arguments, in: world)
                #expect(code == 0, "\(list.name): \(output)")
                #expect(output.contains("\"accepted\":\(list.sent.count),"), "\(list.name): \(output)")
                #expect(output.contains("\"invalid\":\(list.invalid),"), "\(list.name): \(output)")
                #expect(output.contains("\"recipients\":\(list.sent.count + list.invalid),"), "\(list.name): \(output)")
                sent += list.sent
            }
            #expect(world.simulator.messages.map(\.to).sorted() == sent.sorted())
            #expect(world.simulator.messages.contains { $0.text == "Hi Bob" })
            service.terminate()
            #expect(await service.waitForExit() == 0)
        }
    }

    @Test("a row with a cell that has no column is reported with its line, and nothing is published")
    func longRow() async throws {
        try await World.with { world in
            let service = try await world.startService()
            let file = world.folder.appending(path: "long.csv")
            try Data("to,name\n+14155550187,Ada\n+14155550188,Bob, the builder\n".utf8).write(to: file)
            let (code, output) = try await run(["campaign", "--file", file.path, "--text", "Hello"], in: world)
            #expect(code == 65)
            #expect(output.contains("line 3"), "\(output)")
            #expect(world.simulator.requestCount == 0)
            service.terminate()
            #expect(await service.waitForExit() == 0)
        }
    }

    @Test("a list's row with a decimal is named and left out, and the others are taken")
    func optOuts() async throws {
        try await World.with { world in
            let file = world.folder.appending(path: "opt-outs.csv")
            let rows = [
                "number,sender,source,timestamp", "14155550123.0,*,import,2026-01-01T00:00:00Z",
                "+44 (0)7700 900127,*,import,2026-01-01T00:00:00Z", "14155550129,*,import,2026-01-01T00:00:00+0000",
            ]
            try Data((rows.joined(separator: "\n") + "\n").utf8).write(to: file)
            let (code, output) = try await run(["opt-outs", "import", file.path, "--json"], in: world)
            #expect(code == 65)
            #expect(output.contains("line 2") && output.contains("line 4"), "\(output)")
            #expect(output.contains(#""added":1"#) && output.contains(#""bad":2"#), "\(output)")
            let (_, list) = try await run(["opt-outs", "list"], in: world)
            #expect(list.contains("+447700900127"))
            #expect(!list.contains("1415555012"), "\(list)")
        }
    }

    @Test("what is not UTF-8 is refused, in arguments and on standard input, and nothing is published")
    func notUTF8() async throws {
        try await World.with { world in
            let service = try await world.startService()
            let lines = [
                #""$BRIDGE" send --to +14155550201 --text "$(printf 'caf\351 at 5')""#,
                #"printf 'caf\351\n' | "$BRIDGE" send --to +14155550201 --text -"#,
                #"printf 'caf\351\n' | "$BRIDGE" inspect - --json"#, #""$BRIDGE" inspect "$(printf 'caf\351')""#,
            ]
            for line in lines {
                let (code, output) = try await shell(line, in: world)
                #expect(code == 65, "\(line): \(output)")
                #expect(output.contains("not UTF-8"), "\(line): \(output)")
                #expect(!output.contains("\u{FFFD}"), "\(line)")
            }
            let (code, output) = try await shell(#"printf 'caf\303\251\n' | "$BRIDGE" inspect - --json"#, in: world)
            #expect(code == 0)
            #expect(output.contains(#""encoding":"gsm7""#), "\(output)")
            #expect(world.simulator.requestCount == 0)
            #expect(await world.events.next(within: .milliseconds(300)) == nil)
            service.terminate()
            #expect(await service.waitForExit() == 0)
        }
    }

    @Test("a dash alone as the text reads it from standard input, so that it stands on no command line")
    func standardInput() async throws {
        try await World.with { world in
            let service = try await world.startService()
            let file = world.folder.appending(path: "list.csv")
            try Data("to,name\n+14155550183,Cy\n".utf8).write(to: file)
            let lines = [
                #"printf 'Your code is 4711\n' | "$BRIDGE" send --to +14155550201 --text -"#,
                #"printf 'Hi {{name}},\nbye' | "$BRIDGE" campaign --file list.csv --text -"#,
            ]
            for line in lines {
                let (code, output) = try await shell(line, in: world)
                #expect(code == 0, "\(line): \(output)")
            }
            #expect(world.simulator.messages.map(\.text) == ["Your code is 4711", "Hi Cy,\nbye"])
            service.terminate()
            #expect(await service.waitForExit() == 0)
        }
    }

    @Test("a text may begin with a dash")
    func dash() async throws {
        try await World.with { world in
            let service = try await world.startService()
            for (index, text) in ["-20% today only", "-x"].enumerated() {
                let arguments = ["send", "--to", "+1415555020\(index)", "--text", text]
                let (code, output) = try await run(arguments, in: world)
                #expect(code == 0, "\(output)")
                let (other, rest) = try await run(["send", "--to", "+1415555020\(index)", "--text=\(text)"], in: world)
                #expect(other == 0, "\(rest)")
            }
            let file = world.folder.appending(path: "list.csv")
            try Data(",,to,name\r\n,,+14155550183,Cy\r\n".utf8).write(to: file)
            let arguments = ["campaign", "--file", file.path, "--text", "-50% for {{name}}", "--id", "dash"]
            let (code, output) = try await run(arguments, in: world)
            #expect(code == 0, "\(output)")
            let sent = ["-20% today only", "-20% today only", "-x", "-x", "-50% for Cy"]
            #expect(world.simulator.messages.map(\.text) == sent)
            service.terminate()
            #expect(await service.waitForExit() == 0)
        }
    }
}
