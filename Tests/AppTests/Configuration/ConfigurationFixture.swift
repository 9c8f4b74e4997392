import App
import CryptoExtras

/// A file that is not there.
struct NoSuchFile: Error {}

/// Settings from given texts, with credentials unless the test says otherwise.
func settings(
    _ environment: [String: String] = [:],
    dotEnv: String? = nil,
    yaml: String? = nil,
    files: [String: String] = [:],
    needing needs: Settings.Needs = []
) throws -> Settings {
    try loader(environment, dotEnv: dotEnv, yaml: yaml, files: files).settings(needing: needs)
}

/// A loader of given texts; `yaml` is the content of `bridge.yaml`.
func loader(
    _ environment: [String: String] = [:],
    dotEnv: String? = nil,
    yaml: String? = nil,
    files: [String: String] = [:]
) -> SettingsLoader {
    SettingsLoader(environment: environment, dotEnv: dotEnv, yaml: yaml.map { ("bridge.yaml", $0) }) { path in
        guard let text = files[path] else { throw NoSuchFile() }
        return text
    }
}

/// The problems that settings from given texts have, as users see them; empty when there are none.
func problems(
    _ environment: [String: String] = [:],
    dotEnv: String? = nil,
    yaml: String? = nil,
    files: [String: String] = [:],
    needing needs: Settings.Needs = []
) -> [String] {
    do throws(ConfigurationError) {
        _ = try loader(environment, dotEnv: dotEnv, yaml: yaml, files: files).settings(needing: needs)
        return []
    } catch {
        return error.problems.map(\.description)
    }
}

/// A fresh RSA key, made once: a key in the repository would look like a leaked one.
let privateKeyPEM: String = {
    do { return try _RSA.Signing.PrivateKey(keySize: .bits2048).pkcs8PEMRepresentation } catch { return "" }
}()
