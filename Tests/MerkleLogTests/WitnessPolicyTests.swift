import Crypto
import Testing

@testable import MerkleLog

/// Policy files (c2sp.org/tlog-policy) and requests to witnesses (c2sp.org/tlog-witness).
@Suite struct WitnessPolicyTests {
  private static let log =
    "did:key:z6MkehRgf7yJbgaGfYsdoAsKdBPE3dj2CYhowQdcjqSJgvVd+5db70e48+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"

  private static func witness(_ number: UInt8) throws -> NoteVerifier {
    let key = try Curve25519.Signing.PrivateKey(
      rawRepresentation: [UInt8](repeating: number, count: 32))
    let bytes = Array(key.publicKey.rawRepresentation)
    let publicKey = try #require(Ed25519PublicKey(bytes: bytes))
    return try #require(
      NoteVerifier(name: "w\(number).example", algorithm: .cosignature, publicKey: publicKey))
  }

  private static func keys(_ numbers: UInt8...) throws -> Set<NoteVerifier> {
    Set(try numbers.map(witness))
  }

  private static func policy(_ rest: String) throws -> WitnessPolicy {
    let witnesses = try (1...5 as ClosedRange<UInt8>).map { "witness w\($0) \(try witness($0))\n" }
      .joined()
    return try WitnessPolicy(parsing: "# who watches\n\nlog \(log)\n" + witnesses + rest)
  }

  @Test func `a quorum of a group of groups is met by enough of each`() throws {
    let policy = try Self.policy(
      """
      group city any w1 w2
      group labs 2 w3 w4 w5
      group both all city labs
      quorum both
      """)
    #expect(policy.logs.map(\.description) == [Self.log])
    #expect(policy.isSatisfied(by: try Self.keys(1, 3, 4)))
    #expect(policy.isSatisfied(by: try Self.keys(2, 3, 4, 5)))
    #expect(!policy.isSatisfied(by: try Self.keys(1, 2, 3)))
    #expect(!policy.isSatisfied(by: try Self.keys(3, 4, 5)))
    #expect(!policy.isSatisfied(by: []))
    #expect(policy.missing(in: try Self.keys(1, 3, 4)) == ["w2", "w5"])
    let windows = try WitnessPolicy(
      parsing: "witness w1 \(try Self.witness(1))\r\nquorum w1\r\n")
    #expect(windows.isSatisfied(by: try Self.keys(1)))
  }

  @Test func `one witness, or none, can be a quorum`() throws {
    #expect(try Self.policy("quorum w2").isSatisfied(by: Self.keys(2)))
    #expect(try !Self.policy("quorum w2").isSatisfied(by: Self.keys(1, 3)))
    #expect(try Self.policy("quorum none").isSatisfied(by: []))
  }

  @Test(arguments: [
    ("quorum w9", "line 9: 'w9' is not named"), ("", "line 9: a line 'quorum NAME' is missing"),
    ("group g 3 w1 w2\nquorum g", "line 9: '3' is no threshold; write all, any, or 1 to 2"),
    ("group g 0 w1\nquorum g", "line 9: '0' is no threshold"),
    ("group g all g\nquorum g", "line 9: 'g' is not named yet"),
    ("group w1 all w2\nquorum w1", "line 9: the name 'w1' is taken"),
    ("group g all w1 w1\nquorum g", "line 9: 'w1' is a member already"),
    ("group g all w1 w2\ngroup h any w2 w3\nquorum h", "line 10: 'w2' is a member already"),
    ("group g +2 w1 w2\nquorum g", "line 9: '+2' is no threshold"),
    ("group \u{212A} all w1\nquorum none", "line 9: the name '\u{212A}' has other than ASCII"),
    ("quorum\u{0B}none", "line 9: a control character"),
    ("log \(Self.log)\nquorum none", "line 9: the log is named twice"),
    ("quorum w1\nquorum w2", "line 10: a second quorum"),
    ("witnes w6 x", "line 9: unknown word 'witnes'"), ("group g", "line 9: write 'group NAME"),
    ("witness w6 abc", "line 9: "), ("log \(Self.log) a b", "line 9: write 'log VKEY [URL]'"),
    ("witness w6 \(Self.log)", "line 9: the key of a witness has the type 4"),
  ])
  func `the first wrong line is named, and what to write`(text: String, words: String) throws {
    do {
      _ = try Self.policy(text)
      Issue.record("\(text) was read")
    } catch let failure as WitnessPolicy.Failure {
      #expect(failure.description.hasPrefix(words), "\(failure)")
    }
  }

  @Test func `a key that is named twice cannot count twice`() throws {
    let key = try Self.witness(1)
    #expect(throws: WitnessPolicy.Failure.self) {
      try WitnessPolicy(parsing: "witness a \(key)\nwitness b \(key)\ngroup g 2 a b\nquorum g\n")
    }
  }

  private static let note = """
    did:key:z6MkehRgf7yJbgaGfYsdoAsKdBPE3dj2CYhowQdcjqSJgvVd
    8
    RWAoVmhRFG6C3aMD5+fUHV6C7r82xKbuendo/Sk/vAQ=

    — did:key:z6MkehRgf7yJbgaGfYsdoAsKdBPE3dj2CYhowQdcjqSJgvVd XbcOSBmu8iYZxoaWudqQYRr3P8fBm32EZEozUmuUNb32CfFetWbgccEvEiGCdTzO3aWmXjh5DbfEsDa7XkZH4BwfKgA=

    """

  @Test func `a request is the old size, the proof and the head`() throws {
    let checkpoint = try SignedNote(parsing: Self.note)
    let first = WitnessRequest(oldSize: 0, path: [], checkpoint: checkpoint)
    #expect(String(decoding: first.body, as: UTF8.self) == "old 0\n\n" + Self.note)
    let hash = Hash.digest(of: [1])
    let later = WitnessRequest(oldSize: 3, path: [hash, .zero], checkpoint: checkpoint)
    #expect(
      String(decoding: later.body, as: UTF8.self)
        == "old 3\n\(hash.base64)\n\(Hash.zero.base64)\n\n" + Self.note)
    #expect(WitnessRequest(parsing: later.body) == later)
    for position in later.body.indices {
      var changed = later.body
      changed[position] ^= 0x20
      #expect(WitnessRequest(parsing: changed) != later, "byte \(position)")
    }
  }

  @Test func `answers are told apart by their status`() throws {
    func answer(_ status: Int, _ text: String) -> WitnessAnswer {
      WitnessAnswer(
        status: status, contentType: status == 409 ? "text/x.tlog.size" : "text/plain",
        body: Array(text.utf8), askedFrom: 12)
    }
    let line =
      "— witness.example/w1 IDJKvgAAAABlU/Fkfwaks+1X4yzejT6kFTGCj4GMcMA2Idqjg02D1oPZ7dHaCOrx6DdWsuIfaVTbx9cZMziQEuTd8w5hpHgfzeeiDA=="
    #expect(
      answer(200, line + "\n") == .cosigned([try #require(NoteSignature(parsing: line))]))
    for text in ["", line, "rubbish\n", line + "\nrubbish\n"] {
      guard case .failure = answer(200, text) else {
        Issue.record("\(text) was taken")
        continue
      }
    }
    #expect(answer(409, "17\n") == .conflict(size: 17))
    for text in ["", "17", "-1\n", "017\n", "17\n\n"] {
      guard case .failure = answer(409, text) else {
        Issue.record("\(text) was taken")
        continue
      }
    }
    #expect(answer(422, "no") == .refused)
    #expect(answer(404, "") == .unknownLog)
    #expect(answer(403, "") == .untrustedKey)
    #expect(answer(503, "busy") == .failure("it answered with HTTP 503"))
    #expect(
      WitnessAnswer(status: 200, contentType: nil, body: [0xFF], askedFrom: 0)
        == .failure("its answer is no text"))
    // c2sp.org/tlog-witness: of the same size with another root no size need be said.
    for type in [nil, "text/plain; charset=utf-8"] {
      let other = WitnessAnswer(status: 409, contentType: type, body: [], askedFrom: 12)
      #expect(other == .otherTree(size: 12))
    }
    let page = WitnessAnswer(
      status: 409, contentType: "text/html", body: Array("17\n".utf8), askedFrom: 12)
    guard case .failure = page else {
      Issue.record("a size of another type was taken")
      return
    }
  }
}
