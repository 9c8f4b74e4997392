import Testing

@testable import Vonage

@Suite("The older API's signature")
struct LegacySignatureTests {
    /// The vectors that Vonage's own Python library is tested with (`test_signature_…`, secret `secret`).
    @Test(
        "The known vectors",
        arguments: [
            (.md5hash, "6af838ef94998832dbfc29020b564830"),
            (.md5, "c15c21ced558c93a226c305f58f902f2"),
            (.sha1, "3e19a4e6880fdc2c1426bfd0587c98b9532f0210"),
            (.sha256, "a321e824b9b816be7c3f28859a31749a098713d39f613c80d455bbaffae1cd24"),
            (
                .sha512,
                "812a18f76680fa0fe1b8bd9ee1625466ceb1bd96242e4d050d2cfd9a7b40166c"
                    + "63ed26ec9702168781b6edcf1633db8ff95af9341701004eec3fcf9550572ee8"
            ),
        ] as [(LegacySignature, String)]
    )
    func vectors(method: LegacySignature, signature: String) {
        let signed = method.sign(["b": "2", "timestamp": "1461605396", "a": "1"], secret: "secret")
        #expect(String(decoding: signed, as: UTF8.self) == signature)
        #expect(signed.count == method.length)
    }

    @Test("Separators inside a value count as underscores")
    func separators() {
        let plain = LegacySignature.sha256.sign(["text": "a_b_c"], secret: "s")
        #expect(LegacySignature.sha256.sign(["text": "a&b=c"], secret: "s") == plain)
        #expect(LegacySignature.sha256.sign(["text": "a b c"], secret: "s") != plain)
    }
}

@Suite("Signature secrets")
struct SignatureSecretsTests {
    @Test("A secret may hold for one account alone")
    func perAccount() {
        let secrets = SignatureSecrets(["plain", "12ab34cd:own", "12ab34cd:", "short:x", "", "1234567é:x"])
        #expect(secrets.candidates(apiKey: "12ab34cd") == ["own", "plain", "12ab34cd:", "short:x", "1234567é:x"])
        #expect(secrets.candidates(apiKey: "ffffffff") == ["plain", "12ab34cd:", "short:x", "1234567é:x"])
        #expect(secrets.candidates(apiKey: nil).contains("own"))
        #expect(!secrets.isEmpty)
        #expect(SignatureSecrets([""]).isEmpty)
        #expect(!"\(secrets)".contains("own"))
    }

    @Test("A stand-in of the provider signs for its account with a secret that the verifier takes for that account")
    func signing() {
        let secrets = SignatureSecrets(["plain", "12ab34cd:own"])
        #expect(secrets.signing(for: "12ab34cd")?.secret == "own")
        #expect(secrets.signing(for: "ffffffff")?.secret == "plain")
        #expect(secrets.signing(for: nil)?.secret == "plain")
        let bound = SignatureSecrets(["12ab34cd:own"])
        for account in [nil, "12ab34cd", "ffffffff"] {
            #expect(bound.signing(for: account)?.secret == "own")
            #expect(bound.signing(for: account)?.apiKey == "12ab34cd")
        }
        #expect(SignatureSecrets([]).signing(for: "12ab34cd") == nil)
    }
}

@Suite("Parameters of queries and forms")
struct FormParametersTests {
    @Test(
        "Decoding",
        arguments: [
            ("a=1&b=2", ["a": "1", "b": "2"]),
            ("text=Hi+there%21&x", ["text": "Hi there!", "x": ""]),
            ("t=caf%C3%A9&e=%F0%9F%98%80", ["t": "café", "e": "😀"]),
            ("a=1&a=2", ["a": "1"]),
            ("a=b=c&&d=%zz%4", ["a": "b=c", "d": "%zz%4"]),
            ("%6Dsisdn=44", ["msisdn": "44"]),
            ("", [:]),
        ]
    )
    func decoding(text: String, values: [String: String]) {
        #expect(FormParameters(text).values == values)
    }
}
