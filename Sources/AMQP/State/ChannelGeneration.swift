/// One life of one channel, unique within an `AMQPConnection` over all its reconnects.
///
/// Delivery tags and confirm tags begin at 1 on each channel, so a tag alone would also fit the next channel; tags are
/// kept together with the generation, and what belongs to a dead generation is dropped.
package struct ChannelGeneration: Hashable, Sendable {
    let number: UInt64
}
