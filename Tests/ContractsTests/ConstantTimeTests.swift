import Contracts
import Testing

@Suite("The comparison of secrets")
struct ConstantTimeTests {
    @Test("finds equal what is equal, and nothing else")
    func equality() {
        let secret = Array("a secret".utf8)
        #expect(ConstantTime.areEqual(secret, Array("a secret".utf8)))
        #expect(ConstantTime.areEqual([], []))
        #expect(!ConstantTime.areEqual(secret, Array("a secreT".utf8)))
        #expect(!ConstantTime.areEqual(secret, Array("a secret ".utf8)))
        #expect(!ConstantTime.areEqual(secret, Array("a secre".utf8)))
        #expect(!ConstantTime.areEqual(secret, []))
    }
}
