import BrokerTesting
import Evidence
import Glibc
import Testing

/// Somebody who reads along at the broker.
@Suite(.serialized) struct WatchTests {
  /// What happens before the eyes of a watcher.
  private enum Scene {
    case entry([UInt8])
    case brokerRestarts
  }

  /// A finished log, and the identity that signed it.
  private func finishedLog(
    in directory: Directory
  ) async throws -> (entries: [[UInt8]], identity: Identity) {
    let board = RunningBoard(in: directory)
    try board.start(FastBoard())
    #expect(await eventually { ((try? Files.bytes("\(board.state)/wal").count) ?? 0) > 15_000 })
    try await board.stop()
    let entries = try CollectedLog.entries(inState: board.state)
    try #require(entries.count >= 8)
    return (entries, try Identity(seed: Secret.seed(inState: board.state)))
  }

  /// Shows entries to a watcher one after the other; gives its exit code and its words.
  private func watch(_ scenes: [Scene]) async throws -> (end: Child.End?, output: String) {
    let broker = try await Broker()
    let output = broker.directory.path("watch.out")
    func said(_ words: String) -> Bool {
      (try? broker.directory.text(of: output).contains(words)) == true
    }
    let watcher = try Child(
      Cairn.path, ["watch", "mqtt://127.0.0.1:\(broker.port)"], output: output)
    let log = broker.directory.path("mosquitto.log")
    func subscribes() async throws {
      let isThere = try await eventually {
        try broker.directory.text(of: log).contains("Sending SUBACK to cairn-watch-")
      }
      try #require(isThere)
    }
    func publish(_ payload: [UInt8], to topic: String) async throws {
      let file = broker.directory.path("message")
      try Files.write(payload, to: file)
      let outcome = try await Cairn.run(
        "/usr/bin/mosquitto_pub",
        [
          "-h", "127.0.0.1", "-p", "\(broker.port)", "-q", "1", "-t", "cairn/1/fast/\(topic)", "-f",
          file,
        ], in: broker.directory)
      #expect(outcome.code == 0)
    }
    try await subscribes()
    for scene in scenes {
      switch scene {
      case .entry(let bytes): try await publish(bytes, to: "entry")
      case .brokerRestarts:
        broker.stop()
        #expect(await eventually { said("not connected") })
        try await broker.start()
        try await subscribes()
      }
    }
    try await publish(Array("the end".utf8), to: "status")
    #expect(await eventually { said("the end") })
    watcher.signal(SIGTERM)
    let end = await watcher.end()
    return (end, try broker.directory.text(of: output))
  }

  @Test func `a watcher sees the readings of a running board and no fault`() async throws {
    let broker = try await Broker()
    let subscriber = try await OutlivingSubscriber(to: broker)
    let board = RunningBoard(in: broker.directory)
    try board.start(FastBoard(port: broker.port))
    #expect(await subscriber.receives(entries: 3))
    let outcome = try await Cairn.run(
      "watch", "mqtt://127.0.0.1:\(broker.port)", "--board", "fast", "--for", "2s",
      in: broker.directory)
    #expect(outcome.code == 0, "\(outcome.output)\(outcome.errors)")
    for words in ["air/temperature", "air-1s/air.pressure.mean", "signature verified"] {
      #expect(outcome.output.contains(words), "\(outcome.output)")
    }
    #expect(!outcome.output.contains("FAULT"))
    // Nothing that the log does not say.
    #expect(!outcome.output.contains("evaluated") && !outcome.output.contains("quality"))
    try await board.stop()
  }

  @Test func `a watcher signs on with a password from a file, the environment or the board file`()
    async throws
  {
    let directory = try Directory()
    let file = directory.path("password")
    try Files.write(Array("corr3ct horse\n".utf8), to: file)
    let users = directory.path("users")
    let made = try await Cairn.run(
      "/usr/bin/mosquitto_passwd", ["-b", "-c", users, "river", "corr3ct horse"], in: directory)
    #expect(made.code == 0, "\(made.errors)")
    let broker = try await Broker("allow_anonymous false\npassword_file \(users)", in: directory)
    let url = "mqtt://127.0.0.1:\(broker.port)"
    let board = try directory.write(
      FastBoard(more: "mqtt: { broker: \"\(url)\", user: river, password-file: \(file) }").text,
      to: "board.yaml")
    func watch(_ environment: [String], _ arguments: [String]) async throws -> Cairn.Outcome {
      try await Cairn.run(
        "/usr/bin/env", environment + [Cairn.path, "watch"] + arguments + ["--for", "2s"],
        in: directory)
    }
    for (environment, arguments) in [
      ([], [url, "--user", "river", "--password-file", file]),
      (["CAIRN_MQTT_PASSWORD=corr3ct horse"], [url, "--user", "river"]),
      ([], [board]),
    ] {
      let outcome = try await watch(environment, arguments)
      #expect(outcome.code == 0, "\(arguments): \(outcome.output)\(outcome.errors)")
      #expect(outcome.output.hasPrefix("connected\n"))
    }
    for (environment, arguments) in [
      ([], [url]), (["CAIRN_MQTT_PASSWORD=wrong"], [url, "--user", "river"]),
      // Without a user the password is nobody's.
      (["CAIRN_MQTT_PASSWORD=corr3ct horse"], [url]),
    ] {
      let outcome = try await watch(environment, arguments)
      #expect(outcome.code == 1, "\(arguments): \(outcome.output)")
      #expect(outcome.errors.hasPrefix("cairn: broker '\(url)' was never reached: "))
    }
  }

  @Test func `a watcher says once that the broker is away, and that it was never there`()
    async throws
  {
    let directory = try Directory()
    let url = "mqtt://127.0.0.1:\(try Loopback.freePort())"
    let outcome = try await Cairn.run("watch", url, "--for", "3s", in: directory)
    #expect(outcome.code == 1)
    let lines = outcome.output.split(separator: "\n")
    #expect(lines.count == 1 && lines.first?.hasPrefix("not connected: ") == true, "\(lines)")
    #expect(outcome.errors.hasPrefix("cairn: broker '\(url)' was never reached: "))
    #expect(outcome.errors.split(separator: "\n").count == 1)
  }

  @Test func `a watcher starts with nothing that does not fit together`() async throws {
    let directory = try Directory()
    let board = try directory.write(FastBoard().text, to: "board.yaml")
    let url = "mqtt://127.0.0.1:1"
    for (arguments, words) in [
      ([board], "\(board) has no section 'mqtt'"),
      (["127.0.0.1:1"], "broker '127.0.0.1:1'"),
      (["none.yaml"], "name a board file"),
      ([url, "--user", "river", "--password-file", "none"], "cannot read 'none'"),
      ([url, "--ca", "ca.pem"], "mqtts"),
      ([url, "--password-file", board], "user"),
    ] {
      let outcome = try await Cairn.run(Cairn.path, ["watch"] + arguments, in: directory)
      #expect(outcome.code == 2 && outcome.output.isEmpty, "\(arguments)")
      #expect(outcome.errors.contains(words), "\(outcome.errors)")
    }
  }

  @Test func `a watcher takes what comes again, and what it missed while it was away`()
    async throws
  {
    let (entries, _) = try await finishedLog(in: try Directory())
    let (end, output) = try await watch(
      [0, 1, 2, 1, 2, 3].map { .entry(entries[$0]) } + [.brokerRestarts]
        + [6, 7].map { .entry(entries[$0]) })
    #expect(end == .exit(0), "\(output)")
    #expect(!output.contains("FAULT"))
    #expect(output.contains("entry 1  again"))
    #expect(output.contains("entries 4 to 5 were not seen"))
  }

  @Test func `a watcher that lacks entries without a reason says so once`() async throws {
    let (entries, _) = try await finishedLog(in: try Directory())
    let (end, output) = try await watch([0, 1, 2, 4, 5, 6].map { .entry(entries[$0]) })
    #expect(end == .exit(1))
    #expect(output.split(separator: "\n").count { $0.contains("FAULT") } == 1, "\(output)")
    #expect(output.contains("entries 3 to 3 were not seen"))
  }

  @Test(arguments: [2, 6])
  func `a watcher finds a turned bit in a new entry and in one that came before`(
    sequence: Int
  ) async throws {
    let (entries, _) = try await finishedLog(in: try Directory())
    var forged = entries[sequence]
    // In the payload, before the signature and its head.
    forged[forged.count - 70] ^= 1
    let (end, output) = try await watch(
      entries[..<6].map { .entry($0) } + [.entry(forged), .entry(entries[6])])
    #expect(end == .exit(1))
    #expect(output.split(separator: "\n").count { $0.contains("FAULT") } == 1, "\(output)")
  }

  @Test func `a watcher finds a board that signs one place twice`() async throws {
    let (entries, identity) = try await finishedLog(in: try Directory())
    let signed = try SignedEntry(parsing: entries[3])
    let entry = signed.entry
    let other = try SignedEntry(
      signing: Entry(
        type: entry.type, sequence: entry.sequence, previous: entry.previous, boot: entry.boot,
        monotonicMilliseconds: entry.monotonicMilliseconds + 1, clock: entry.clock,
        body: entry.body, extra: entry.extra, evidence: entry.evidence, quality: entry.quality),
      subject: signed.subject, by: identity)
    #expect(other.hasValidSignature && other.bytes != signed.bytes)
    let (end, output) = try await watch(
      entries[..<6].map { .entry($0) } + [.entry(other.bytes)])
    #expect(end == .exit(1))
    #expect(output.contains("entry 3 was signed twice"), "\(output)")
  }
}
