// Written by scripts/embed-contracts.sh, with a row for each file of Sources/HTTPAPI/Console/Page.

/// What the page asks for, by name.
enum ConsoleFiles {
    /// The text of each file.
    static let all: [String: String] = [
        "console.css": ConsoleStyle.text,
        "api.js": ConsoleApiScript.text,
        "campaigns.js": ConsoleCampaignsScript.text,
        "chart.js": ConsoleChartScript.text,
        "deadletters.js": ConsoleDeadlettersScript.text,
        "dom.js": ConsoleDomScript.text,
        "lists.js": ConsoleListsScript.text,
        "main.js": ConsoleMainScript.text,
        "messages.js": ConsoleMessagesScript.text,
        "overview.js": ConsoleOverviewScript.text,
        "usage.js": ConsoleUsageScript.text,
    ]
}
