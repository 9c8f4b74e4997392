/// What the kernel says of this process, shown under the names that Prometheus' own clients use.
package struct ProcessFigures: Hashable, Sendable {
    /// Processor time in user and kernel mode, in seconds.
    package var cpuSeconds: Double
    /// When the process started, in seconds since 1970.
    package var startTimeSeconds: Double
    package var residentBytes: Int64
    package var virtualBytes: Int64
    /// nil when they could not be counted.
    package var openDescriptors: Int?
    /// nil without a limit.
    package var maxDescriptors: Int?

    /// Reads the contents of files under `/proc`; nil when one of the two `stat` is not as proc(5) describes it.
    ///
    /// - Parameters:
    ///   - stat: of `/proc/self/stat`.
    ///   - systemStat: of `/proc/stat`, for the boot time.
    ///   - limits: of `/proc/self/limits`.
    ///   - openDescriptors: the number of entries in `/proc/self/fd`.
    ///   - ticksPerSecond: the unit of processor times.
    ///   - pageBytes: the unit of resident memory.
    package init?(
        stat: String,
        systemStat: String,
        limits: String,
        openDescriptors: Int?,
        ticksPerSecond: Int,
        pageBytes: Int
    ) {
        // The second field is the program's name in parentheses and may itself hold blanks and parentheses.
        guard ticksPerSecond > 0, let nameEnd = stat.lastIndex(of: ")") else { return nil }
        let fields = stat[stat.index(after: nameEnd)...].split(whereSeparator: \.isWhitespace)
        // fields[0] is the third of proc(5).
        guard fields.count > 21, let userTicks = Int64(fields[11]), let kernelTicks = Int64(fields[12]),
            let startTicks = Int64(fields[19]), let virtualBytes = Int64(fields[20]), let pages = Int64(fields[21])
        else { return nil }
        let bootLine = systemStat.split(separator: "\n").first { $0.hasPrefix("btime ") }
        guard let bootTime = bootLine.flatMap({ Int64($0.dropFirst(6)) }) else { return nil }

        self.cpuSeconds = Double(userTicks + kernelTicks) / Double(ticksPerSecond)
        self.startTimeSeconds = Double(bootTime) + Double(startTicks) / Double(ticksPerSecond)
        self.residentBytes = pages * Int64(pageBytes)
        self.virtualBytes = virtualBytes
        self.openDescriptors = openDescriptors
        let limitLine = limits.split(separator: "\n").first { $0.hasPrefix("Max open files") }
        self.maxDescriptors = limitLine.flatMap { line in
            line.dropFirst("Max open files".count).split(separator: " ").first.flatMap { Int($0) }
        }
    }

    /// Adds the `process_*` metrics.
    func write(to text: inout PrometheusText) {
        func add(_ name: String, _ type: String, _ help: String, _ value: Double) {
            text.family(name, type: type, help: help)
            text.sample(name, MetricLabels([]), PrometheusText.number(value))
        }
        add("process_cpu_seconds_total", "counter", "User and system processor time in seconds.", cpuSeconds)
        if let maxDescriptors {
            add("process_max_fds", "gauge", "Limit of open file descriptors.", Double(maxDescriptors))
        }
        if let openDescriptors {
            add("process_open_fds", "gauge", "Open file descriptors.", Double(openDescriptors))
        }
        add("process_resident_memory_bytes", "gauge", "Resident memory in bytes.", Double(residentBytes))
        add("process_start_time_seconds", "gauge", "Start of the process in seconds since 1970.", startTimeSeconds)
        add("process_virtual_memory_bytes", "gauge", "Virtual memory in bytes.", Double(virtualBytes))
    }
}
