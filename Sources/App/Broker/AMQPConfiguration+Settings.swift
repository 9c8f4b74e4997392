package import AMQP

extension AMQPConfiguration {
    /// The connection that consumes; a broker in alarm does not stop its acks.
    package static func consuming(_ broker: Settings.Broker) -> AMQPConfiguration {
        named("sms-bridge consume", broker)
    }

    /// The connection that publishes.
    package static func publishing(_ broker: Settings.Broker) -> AMQPConfiguration {
        named("sms-bridge publish", broker)
    }

    /// A connection of a command-line tool.
    package static func tool(_ name: String, _ broker: Settings.Broker) -> AMQPConfiguration {
        named("sms-bridge \(name)", broker)
    }

    private static func named(_ name: String, _ broker: Settings.Broker) -> AMQPConfiguration {
        var configuration = AMQPConfiguration(endpoints: broker.endpoints, connectionName: name)
        configuration.heartbeat = broker.heartbeat
        configuration.productVersion = Version.text
        // A one-time code must not wait half a minute for a broker that is back.
        configuration.reconnectDelay = .milliseconds(500) ... .seconds(5)
        return configuration
    }
}
