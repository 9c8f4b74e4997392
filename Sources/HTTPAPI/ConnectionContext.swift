import Hummingbird
import NIOCore

/// What a handler knows besides the request: the connection that it came over.
struct ConnectionContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    private let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }

    /// The address of the connection's other side, without port; `nil` where it has none, or has gone.
    var peerAddress: String? { channel.remoteAddress?.ipAddress }

    /// Says that the request's body is about to be read, for a client that waits for `100 Continue` before it sends it.
    func wantBody() { channel.triggerUserOutboundEvent(BodyWanted(), promise: nil) }
}
