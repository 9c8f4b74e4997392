import Bridge
import Synchronization
import Testing

@Suite("Keyed locks", .timeLimit(.minutes(3)))
struct KeyedLocksTests {
    /// Counts the bodies that run.
    private final class Room: Sendable {
        private let state = Mutex<(now: Int, most: Int)>((0, 0))
        var most: Int { state.withLock { $0.most } }
        func enter() { state.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) } }
        func leave() { state.withLock { $0.now -= 1 } }
    }

    @Test("let one in at a time for each key")
    func exclusive() async {
        let locks = KeyedLocks<String>()
        let room = Room()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<100 {
                group.addTask {
                    await locks.withLock("a") { _ in
                        room.enter()
                        await Task.yield()
                        room.leave()
                    }
                }
            }
        }
        #expect(room.most == 1)
    }

    @Test("do not make other keys wait")
    func independent() async {
        let locks = KeyedLocks<String>()
        await locks.withLock("a") { _ in
            await locks.withLock("b") { hasWaited in #expect(!hasWaited) }
        }
    }

    @Test("are given back when the body throws")
    func throwing() async {
        struct Failure: Error {}
        let locks = KeyedLocks<String>()
        await #expect(throws: Failure.self) { try await locks.withLock("a") { _ in throw Failure() } }
        await locks.withLock("a") { hasWaited in #expect(!hasWaited) }
    }
}
