import Foundation
import Testing

@testable import App

@Suite("The thread that commands are carried out on", .timeLimit(.minutes(3)))
struct FlowExecutorTests {
    @Test("runs all steps of its tasks, and those of their children, in one thread")
    func oneThread() async {
        let executor = FlowExecutor(name: "test")
        defer { executor.end() }
        let threads = await withTaskGroup(of: Set<UInt>.self) { group in
            for _ in 0..<100 {
                group.addTask(executorPreference: executor) {
                    var seen: Set<UInt> = [UInt(pthread_self())]
                    await Task.yield()
                    seen.insert(UInt(pthread_self()))
                    async let child = Self.current()
                    seen.insert(await child)
                    return seen
                }
            }
            return await group.reduce(into: Set<UInt>()) { $0.formUnion($1) }
        }
        #expect(threads.count == 1)
    }

    private static func current() async -> UInt { UInt(pthread_self()) }

    @Test("is woken by what comes while it sleeps")
    func wake() async throws {
        let executor = FlowExecutor(name: "test")
        defer { executor.end() }
        for _ in 0..<200 {
            let task = Task(executorPreference: executor) { 1 }
            #expect(await task.value == 1)
        }
    }
}
