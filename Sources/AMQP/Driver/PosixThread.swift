internal import CRabbitMQ
internal import Glibc

/// Threads for calls that block: never on Swift's cooperative pool.
enum PosixThread {
    private final class Body {
        let name: String
        let run: @Sendable () -> Void

        init(name: String, run: @escaping @Sendable () -> Void) {
            self.name = name
            self.run = run
        }
    }

    /// Starts a thread that ends with `body`, with all signals blocked so that they go to the program's own threads.
    ///
    /// `name`: shown by the system's tools; cut to 15 bytes.
    static func start(name: String, _ body: @escaping @Sendable () -> Void) {
        let context = unsafe Unmanaged.passRetained(Body(name: name, run: body)).toOpaque()
        var attributes = pthread_attr_t()
        unsafe pthread_attr_init(&attributes)
        unsafe pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        defer { unsafe pthread_attr_destroy(&attributes) }
        var thread = pthread_t()
        for attempt in 0... {
            let status = unsafe pthread_create(
                &thread,
                &attributes,
                { context in unsafe PosixThread.main(context) },
                context
            )
            if status == 0 { return }
            // Out of threads: there is no way to report that to the waiting code, so wait for the system to recover.
            precondition(attempt < 600, "no thread could be created for a minute")
            usleep(100_000)
        }
    }

    private static func main(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
        guard let context = unsafe context else { return nil }
        let body = unsafe Unmanaged<Body>.fromOpaque(context).takeRetainedValue()
        var signals = sigset_t()
        unsafe sigfillset(&signals)
        unsafe pthread_sigmask(SIG_SETMASK, &signals, nil)
        unsafe crmq_name_thread(String(body.name.prefix(15)))
        body.run()
        return nil
    }
}
