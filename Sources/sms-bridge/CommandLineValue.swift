import ArgumentParser
import Contracts
import Foundation
import Tools

/// Values of the command line, read as strictly as a command's fields.
enum CommandLineValue {
    /// A telephone number.
    ///
    /// - Throws: `ValidationError` that says what is wrong with it.
    static func number(_ text: String) throws -> PhoneNumber {
        try PhoneNumberReader.read(text).mapError { ValidationError("\"\(text)\" \($0)") }.get()
    }

    /// A sender.
    ///
    /// - Throws: `ValidationError` that says what is wrong with it.
    static func sender(_ text: String) throws -> Sender {
        try Sender.read(text).mapError { ValidationError("\"\(text)\" \($0.message)") }.get()
    }

    /// A message's text: as it stands, or all of standard input for `-`, without the line's end at its end.
    ///
    /// - Throws: exit code 65 when standard input is not UTF-8.
    static func text(_ text: String) throws -> String {
        guard text == "-" else { return text }
        var bytes = Array(FileHandle.standardInput.readDataToEndOfFile())
        if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
        if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
        guard let read = String(validating: bytes, as: UTF8.self) else {
            Terminal.complain("standard input is not UTF-8")
            throw ExitCode(Sysexits.dataError)
        }
        return read
    }

    /// Holds the arguments against UTF-8, before anything repairs them in silence.
    ///
    /// - Throws: exit code 65 that names the first argument which is not.
    static func requireUTF8() throws {
        var index: Int32 = 0
        while index < CommandLine.argc {
            defer { index += 1 }
            guard let argument = unsafe CommandLine.unsafeArgv[Int(index)] else { continue }
            guard unsafe String(validatingCString: argument) == nil else { continue }
            Terminal.complain("argument \(index) is not UTF-8; nothing was done")
            throw ExitCode(Sysexits.dataError)
        }
    }
}
