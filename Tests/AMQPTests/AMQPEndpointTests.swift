import Testing

@testable import AMQP

@Suite("Broker addresses")
struct AMQPEndpointTests {
    @Test("Ports, virtual host and credentials have their defaults")
    func defaults() throws {
        let (endpoints, problems) = AMQPEndpoint.parseList("amqp://localhost")
        #expect(problems.isEmpty)
        #expect(endpoints == [AMQPEndpoint(host: "localhost")])
        #expect(endpoints.first?.port == 5672)
        #expect(AMQPEndpoint.parseList("amqps://h").endpoints.first?.port == 5671)
        #expect(AMQPEndpoint.parseList("amqp://h:1/").endpoints.first?.virtualHost == "/")
    }

    @Test("User, password and virtual host are percent-decoded")
    func decoding() throws {
        let (endpoints, problems) = AMQPEndpoint.parseList("amqp://us%40er:p%2Cw%3A%25@[::1]:5673/my%2Fhost")
        #expect(problems.isEmpty)
        let endpoint = try #require(endpoints.first)
        #expect(endpoint.user == "us@er")
        #expect(endpoint.password == "p,w:%")
        #expect(endpoint.host == "::1")
        #expect(endpoint.port == 5673)
        #expect(endpoint.virtualHost == "my/host")
    }

    @Test("Several addresses, with and without TLS")
    func list() throws {
        let text = "amqp://a, amqps://b/v?cacertfile=/ca.pem&certfile=/c.pem&keyfile=/k.pem&verify=verify_none"
        let (endpoints, problems) = AMQPEndpoint.parseList(text)
        #expect(problems.isEmpty)
        #expect(endpoints.count == 2)
        let tls = try #require(endpoints.last?.tls)
        #expect(tls.caCertificateFile == "/ca.pem")
        #expect(tls.certificateFile == "/c.pem")
        #expect(tls.keyFile == "/k.pem")
        #expect(!tls.isPeerVerified)
    }

    @Test(
        "What cannot be read is reported, without the password",
        arguments: [
            ("", "no address is given"),
            ("http://h", "it does not begin with amqp:// or amqps://"),
            ("amqp://u:secret@", "the host is missing"),
            ("amqp://u:secret@h:99999", "the port is not a number from 1 to 65535"),
            ("amqp://u:sec%zzret@h", "the password holds a '%' that is not an escape (write it as %25)"),
            ("amqp://u:secret%00@h", "the password is not UTF-8 text"),
            ("amqp://h/a/b", "'/' in the virtual host must be written as %2F"),
            ("amqp://h?cacertfile=/x", "parameter 'cacertfile' needs amqps"),
            ("amqps://h?colour=red", "parameter 'colour' is not known"),
            ("amqps://h?verify=maybe", "parameter 'verify' is neither verify_peer nor verify_none"),
            ("amqps://h?certfile=/c", "certfile and keyfile go together"),
            ("amqp://a,,amqp://b", "address 2: it does not begin with amqp:// or amqps://"),
        ]
    )
    func problems(text: String, expected: String) {
        let problems = AMQPEndpoint.parseList(text).problems
        #expect(problems.contains(expected), "\(problems)")
        #expect(!problems.joined().contains("secret"))
    }

    @Test("A configuration lists every problem, and shows no password however it is printed")
    func configuration() throws {
        #expect(throws: AMQPError(.configuration, "address 1: the host is missing; address 2: 'x'")) {
            do {
                _ = try AMQPConfiguration(urls: "amqp://,amqp://h:0", connectionName: "t")
            } catch let error as AMQPError {
                #expect(error.message.contains("address 1") && error.message.contains("address 2"))
                throw AMQPError(.configuration, "address 1: the host is missing; address 2: 'x'")
            }
        }
        let configuration = try AMQPConfiguration(urls: "amqp://u:secret@h", connectionName: "t")
        var dumped = ""
        dump(configuration, to: &dumped)
        #expect(!dumped.contains("secret"))
        #expect(!"\(configuration)".contains("secret"))
        #expect(!String(reflecting: configuration).contains("secret"))
    }

    @Test("A heartbeat is never switched off, and the library is entered four times within one")
    func heartbeat() {
        var configuration = AMQPConfiguration(endpoints: [], connectionName: "t")
        configuration.heartbeat = .zero
        #expect(configuration.heartbeatSeconds == 1)
        #expect(configuration.pulse == .milliseconds(250))
        configuration.heartbeat = .seconds(60)
        #expect(configuration.pulse == .seconds(1))
    }
}
