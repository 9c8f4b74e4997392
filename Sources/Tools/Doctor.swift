import AMQP
package import App
import Contracts
import FoundationEssentials
import Logging
import SMSCore
import StorePostgres
import StoreSQLite
import StoreSupport
import Vonage

/// Looks at everything the service needs and says what to do about what is wrong.
package struct Doctor: Sendable {
    /// One thing that was checked.
    package struct Finding: Sendable, Encodable {
        /// `broker`, `topology`, `provider`, `clock`, `store`.
        package let subject: String
        package let isGood: Bool
        /// What was found.
        package let detail: String
        /// What to do next, where something is wrong.
        package let advice: String?

        private enum CodingKeys: String, CodingKey {
            case subject, detail, advice
            case isGood = "ok"
        }
    }

    private let settings: Settings

    /// A doctor for these settings.
    package init(settings: Settings) {
        self.settings = settings
    }

    /// Looks at broker, topology, provider, clock and store; each within some seconds.
    package func examine() async -> [Finding] {
        let broker = await examineBroker()
        let (provider, offset) = await examineProvider()
        return broker + [provider, Self.clock(providerOffset: offset), await examineStore()]
    }

    private func examineBroker() async -> [Finding] {
        do {
            return try await AMQPConnection.withTool("check", settings.broker) { connection, names in
                [
                    Finding(subject: "broker", isGood: true, detail: "connected", advice: nil),
                    try await examineTopology(names, over: connection),
                ]
            }
        } catch {
            let advice = "is RabbitMQ running at AMQP_URL, and are user, password and virtual host right?"
            let cause = ((error as? AMQPError)?.underlying as? AMQPError).map { " (\($0))" } ?? ""
            return [Finding(subject: "broker", isGood: false, detail: "\(error)\(cause)", advice: advice)]
        }
    }

    private func examineTopology(_ names: BrokerNames, over connection: AMQPConnection) async throws -> Finding {
        let missing = try await connection.check(BrokerTopology.of(names, isDeclaring: false))
        guard missing.isEmpty else {
            let advice = "start the service once, or run: sms-bridge topology declare"
            let listed = missing.map(\.description).joined(separator: "; ")
            return Finding(subject: "topology", isGood: false, detail: listed, advice: advice)
        }
        guard settings.broker.isDeclaring else {
            return Finding(subject: "topology", isGood: true, detail: "all there", advice: nil)
        }
        do {
            // Where all is there, declaring it changes nothing, and shows what has other arguments than it should.
            try await connection.declare(BrokerTopology.of(names, isDeclaring: true))
            return Finding(subject: "topology", isGood: true, detail: "all there, and as it should be", advice: nil)
        } catch let error as AMQPError where error.replyCode == 403 {
            let detail = "all there; arguments were not compared, for this user may not declare"
            return Finding(subject: "topology", isGood: true, detail: detail, advice: nil)
        } catch let error as AMQPError where error.code == .topologyRefused {
            let advice = "docs/operations.md, \"Upgrading\": drain what has other arguments, delete it, declare it anew"
            return Finding(subject: "topology", isGood: false, detail: "\(error)", advice: advice)
        }
    }

    /// The provider, and how much later it is there, where it has answered.
    private func examineProvider() async -> (Finding, clockOffset: Duration?) {
        guard let credentials = settings.provider.credentials else {
            let advice =
                "set VONAGE_APPLICATION_ID with VONAGE_PRIVATE_KEY_PATH, or VONAGE_API_KEY with VONAGE_API_SECRET"
            return (Finding(subject: "provider", isGood: false, detail: "no credentials", advice: advice), nil)
        }
        do {
            let configuration = VonageClientConfiguration(
                credentials: credentials,
                apiURL: settings.provider.apiURL,
                timeout: settings.sending.timeout
            )
            let client = try VonageClient(configuration: configuration, logger: .quiet)
            let probe = await client.probe()
            await client.shutdown()
            return (Self.finding(of: probe), client.clockOffset)
        } catch {
            let advice = "is the private key the application's own, in PEM (-----BEGIN PRIVATE KEY-----)?"
            return (Finding(subject: "provider", isGood: false, detail: "\(error)", advice: advice), nil)
        }
    }

    private static func clock(providerOffset: Duration?) -> Finding {
        if let fault = ServiceClock.fault(now: .now, providerOffset: providerOffset) {
            let advice = "set this machine's clock (NTP); the provider refuses tokens of another time with 401"
            return Finding(subject: "clock", isGood: false, detail: fault, advice: advice)
        }
        let compared = providerOffset == nil ? "not compared with the provider's" : "as the provider's"
        return Finding(subject: "clock", isGood: true, detail: compared, advice: nil)
    }

    private static func finding(of probe: VonageProbe) -> Finding {
        switch probe {
        case .credentialsAccepted:
            return Finding(subject: "provider", isGood: true, detail: "credentials accepted", advice: nil)
        case .accountTrouble(let problem):
            let detail = "status \(problem.status ?? 0): \(problem.title ?? "no reason given")"
            let advice = "look at credentials, balance and the account's state in Vonage's dashboard"
            return Finding(subject: "provider", isGood: false, detail: detail, advice: advice)
        case .unreachable(let cause):
            let advice = "is VONAGE_API_URL right, and may this machine reach it?"
            return Finding(subject: "provider", isGood: false, detail: "unreachable: \(cause)", advice: advice)
        case .inconclusive(let status):
            let advice = "look at Vonage's status page, and try again"
            return Finding(subject: "provider", isGood: false, detail: "answered \(status)", advice: advice)
        }
    }

    /// Leaves everything as it is: no database is made, and an older one is not brought up to date.
    private func examineStore() async -> Finding {
        switch settings.store.location {
        case .sqlite(let path): await examineFile(path)
        case .postgres(let uri): await examineDatabase(uri)
        }
    }

    private func examineDatabase(_ uri: String) async -> Finding {
        let options = PostgresStore.Options(uri: uri, owner: .random())
        do {
            let store = try await PostgresStore.open(options, isVisiting: true)
            let result: Result<Void, any Error>
            do { result = .success(try await store.probe()) } catch { result = .failure(error) }
            await store.close()
            try result.get()
            return Finding(
                subject: "store",
                isGood: true,
                detail: "the database answers, and can be written",
                advice: nil
            )
        } catch let error as StoreError where error.code == .outdated {
            let detail = "it has no tables yet, or those of an older version; the next start makes them"
            return Finding(subject: "store", isGood: true, detail: detail, advice: nil)
        } catch {
            let advice = "are host, user, password and sslmode of STORE_URL right, and may this user make tables?"
            return Finding(subject: "store", isGood: false, detail: "\(error)", advice: advice)
        }
    }

    private func examineFile(_ path: String) async -> Finding {
        guard FileManager.default.fileExists(atPath: path) else {
            let detail = "there is none yet at \(path); the first start makes it"
            return Finding(subject: "store", isGood: true, detail: detail, advice: nil)
        }
        do {
            let store = try SQLiteStore(path: path, access: .visiting)
            try await store.probe()
            try await store.close()
            return Finding(subject: "store", isGood: true, detail: path, advice: nil)
        } catch let error as StoreError where error.code == .outdated {
            let detail = "of an older version; the next start brings it up to date (docs/operations.md, \"Upgrading\")"
            return Finding(subject: "store", isGood: true, detail: detail, advice: nil)
        } catch {
            let advice = "may this user write the folder of STORE_URL, and is there room?"
            return Finding(subject: "store", isGood: false, detail: "\(error)", advice: advice)
        }
    }
}
