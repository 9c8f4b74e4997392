internal import Glibc

/// Threads for calls that block: never on Swift's cooperative pool.
package enum PosixThread {
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
    package static func start(name: String, _ body: @escaping @Sendable () -> Void) {
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
        setName(body.name)
        body.run()
        return nil
    }

    /// Names the calling thread by the file that Linux has for that.
    ///
    /// `pthread_setname_np` is hidden from Swift by its feature macro. A name is for people, so where it cannot be set there
    /// is none.
    private static func setName(_ name: String) {
        let file = unsafe open("/proc/thread-self/comm", O_WRONLY)
        guard file >= 0 else { return }
        let bytes = Array(name.utf8.prefix(15))
        _ = unsafe write(file, bytes, bytes.count)
        close(file)
    }
}
