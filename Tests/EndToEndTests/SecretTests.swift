import BrokerTesting
import Foundation
import Glibc
import MerkleLog
import Testing

/// The private key stays where it belongs.
@Suite(.serialized) struct SecretTests {
  /// The forms in which a key could leak: bytes, hexadecimal, base64 at each of its three phases.
  private func forms(_ seed: [UInt8]) -> [(name: String, bytes: [UInt8])] {
    let hexadecimal = Hexadecimal.encode(seed)
    var forms: [(String, [UInt8])] = [
      ("bytes", seed), ("hexadecimal", Array(hexadecimal.utf8)),
      ("capital hexadecimal", Array(hexadecimal.uppercased().utf8)),
    ]
    for phase in 0..<3 {
      // Only the letters that depend on the key alone.
      let padded = [UInt8](repeating: 0, count: phase) + seed
      let whole = (padded.count / 3) * 3
      let text = Base64.encode(Array(padded[..<whole])).dropFirst(phase == 0 ? 0 : 4)
      forms.append(("base64 at phase \(phase)", Array(text.utf8)))
      let safe = text.replacing("+", with: "-").replacing("/", with: "_")
      forms.append(("URL-safe base64 at phase \(phase)", Array(safe.utf8)))
    }
    return forms
  }

  private func leak(of forms: [(name: String, bytes: [UInt8])], in bytes: [UInt8]) -> String? {
    let data = Data(bytes)
    return forms.first { data.range(of: Data($0.bytes)) != nil }?.name
  }

  @Test func `the private key is in its own file and nowhere else`() async throws {
    let broker = try await Broker(keepsSessions: true)
    let subscriber = try await OutlivingSubscriber(to: broker)
    let board = RunningBoard(in: broker.directory)
    let file = try broker.directory.write(FastBoard(port: broker.port).text, to: "board.yaml")
    try board.start(FastBoard(port: broker.port), loudness: "debug")
    #expect(await subscriber.receives(entries: 15))
    #expect(await eventually { !subscriber.messages("health").isEmpty })
    for arguments in [["identity", board.state], ["verify", board.state], ["read", file, "air"]] {
      _ = try await Cairn.run(Cairn.path, arguments, in: broker.directory)
    }
    try await board.stop()
    #expect(await eventually { subscriber.states.last == "stopping" })

    let forms = forms(try Secret.seed(inState: board.state))
    for message in subscriber.messages {
      #expect(leak(of: forms, in: message.payload) == nil, "\(message.topic)")
    }
    // All that the board wrote, said and published lies below the test's directory; so does what
    // the broker and the other commands said.
    broker.stop()
    let names = try Files.regularFiles(below: broker.directory.root)
    #expect(names.contains { $0.hasSuffix("/wal") } && names.contains("cairn-1.err"))
    #expect(names.contains("mosquitto.db"))
    let identity = "state/simulated/fast/keys/identity"
    for name in names where name != identity {
      let found = leak(of: forms, in: try Files.bytes(broker.directory.path(name)))
      #expect(found == nil, "\(name) holds the key as \(found ?? "")")
    }
    let own = try Files.bytes(broker.directory.path(identity))
    #expect(leak(of: forms, in: own) != nil, "the search finds nothing")
  }

  @Test func `only its owner may look at the key, and a key that others may read is refused`()
    async throws
  {
    let board = RunningBoard(in: try Directory())
    try board.start(FastBoard(), hidingNothing: true)
    #expect(await board.runs())
    try await board.stop()
    #expect(try Files.permissions("\(board.state)/keys") == 0o700)
    #expect(try Files.permissions("\(board.state)/keys/identity") == 0o600)
    #expect(try Files.permissions(board.state) == 0o700)
    chmod("\(board.state)/keys/identity", 0o640)
    try board.start(FastBoard())
    #expect(await board.runs())
    #expect(board.errors.contains("chmod 600"), "\(board.errors)")
    try await board.stop(.exit(1))
  }

  /// A process that may not be dumped has its files in /proc owned by root (proc(5)), and nobody
  /// else of the same user may read its memory (ptrace(2)).
  @Test func `nobody can dump a running board or look into its memory`() async throws {
    let directory = try Directory()
    let program = directory.path("cairn")
    // By a process of its own: a file that this one writes could not be started while another test
    // starts a child.
    #expect(try await Cairn.run("/bin/cp", [Cairn.path, program], in: directory).code == 0)
    let file = try directory.write(FastBoard().text, to: "board.yaml")
    // Root may look everywhere, so both the board and who looks at it are somebody else.
    let user = "65534"
    let isRoot = getuid() == 0
    if isRoot { chown(directory.root, 65534, 65534) }
    chmod(program, 0o755)
    chmod(file, 0o644)
    let other = ["--reuid", user, "--regid", user, "--clear-groups"]
    func start(_ command: [String], _ name: String) throws -> Child {
      let whole = isRoot ? ["/usr/bin/setpriv"] + other + command : command
      return try Child(
        whole[0], Array(whole.dropFirst()), output: directory.path("\(name).out"),
        errors: directory.path("\(name).err"))
    }
    let board = try start([program, "run", file, "--state", directory.path("state")], "board")
    let control = try start(["/usr/bin/sleep", "60"], "control")
    #expect(
      await eventually {
        (try? directory.text(of: directory.path("board.err")).contains("running")) == true
      })
    func canRead(_ what: String, of process: Child) async throws -> Bool {
      let reader = try start(
        ["/usr/bin/head", "-c", "1", "/proc/\(process.identifier)/\(what)"], "reader")
      return await reader.end() == .exit(0)
    }
    func owner(of process: Child) throws -> Int? {
      let path = "/proc/\(process.identifier)/environ"
      let attributes = try FileManager.default.attributesOfItem(atPath: path)
      return (attributes[.ownerAccountID] as? NSNumber)?.intValue
    }
    #expect(try await canRead("environ", of: control), "the control proves nothing")
    #expect(try await !canRead("environ", of: board))
    #expect(try await !canRead("maps", of: board))
    #expect(try owner(of: board) == 0)
    #expect(try owner(of: control) == (isRoot ? 65534 : Int(getuid())))
    let limits = try String(
      contentsOfFile: "/proc/\(board.identifier)/limits", encoding: .utf8)
    let core = try #require(limits.split(separator: "\n").first { $0.hasPrefix("Max core file") })
    #expect(core.split(separator: " ").dropFirst(4).prefix(2) == ["0", "0"], "\(core)")
    board.signal(SIGTERM)
    #expect(await board.end() == .exit(0))
  }
}
