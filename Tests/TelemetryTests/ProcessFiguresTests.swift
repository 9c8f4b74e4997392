import CoreMetrics
import Telemetry
import Testing

@Suite("The figures of the process")
struct ProcessFiguresTests {
    /// As Linux writes it; the program's name is as awkward as it may be.
    private static let stat =
        "4242 (sms) bri) dge) S 1 4242 4242 0 -1 4194560 100 0 0 0 150 50 0 0 20 0 9 0 12345 500000000 2560 "
        + "18446744073709551615 1 1 0 0 0 0 0 4096 0 0 0 0 17 1 0 0 0 0 0\n"
    private static let systemStat = "cpu  1 2 3\nbtime 1700000000\nprocesses 5\n"
    private static let limits =
        "Limit                     Soft Limit           Hard Limit           Units     \n"
        + "Max open files            1024                 524288               files     \n"

    private func parsed(
        stat: String = Self.stat,
        systemStat: String = Self.systemStat,
        limits: String = Self.limits
    ) -> ProcessFigures? {
        ProcessFigures(
            stat: stat,
            systemStat: systemStat,
            limits: limits,
            openDescriptors: 12,
            ticksPerSecond: 100,
            pageBytes: 4096
        )
    }

    @Test("are read from proc(5), a program name with parentheses notwithstanding")
    func reading() throws {
        let figures = try #require(parsed())
        #expect(figures.cpuSeconds == 2)
        #expect(figures.startTimeSeconds == 1_700_000_123.45)
        #expect(figures.residentBytes == 2560 * 4096)
        #expect(figures.virtualBytes == 500_000_000)
        #expect(figures.maxDescriptors == 1024)
        #expect(figures.openDescriptors == 12)
    }

    @Test("have no limit of descriptors where there is none")
    func unlimited() throws {
        let figures = try #require(parsed(limits: "Max open files            unlimited  unlimited  files\n"))
        #expect(figures.maxDescriptors == nil)
    }

    @Test(
        "are left out rather than guessed when a file looks different",
        arguments: [("", Self.systemStat), ("1 (x) S 1 2 3", Self.systemStat), (Self.stat, "cpu 1 2 3\n")]
    )
    func damaged(stat: String, systemStat: String) {
        #expect(parsed(stat: stat, systemStat: systemStat) == nil)
    }

    @Test("stand at the end of what the registry shows")
    func rendering() {
        let kept = parsed()
        let registry = PrometheusRegistry(readProcess: { kept })
        Counter(label: "z", factory: registry).increment()
        let text = registry.render()
        #expect(text.hasPrefix("# TYPE z counter\nz 1\n# HELP process_cpu_seconds_total"))
        #expect(text.contains("\nprocess_cpu_seconds_total 2\n"))
        #expect(text.contains("\nprocess_open_fds 12\n"))
        #expect(text.contains("\nprocess_start_time_seconds 1700000123.45\n"))
    }

    #if os(Linux)
        @Test("of this process can be read and are plausible")
        func live() throws {
            let figures = try #require(ProcessFigures.read())
            #expect(figures.residentBytes > 1_000_000)
            #expect(figures.startTimeSeconds > 1_600_000_000)
            #expect(try #require(figures.openDescriptors) >= 3)
        }
    #endif
}
