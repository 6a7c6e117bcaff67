import BrokerTesting
import Evidence
import Foundation
import Glibc
import MerkleLog
import Testing

/// One board, one broker, from the first start to the last.
@Suite(.serialized) struct RunTests {
  /// What a run of some seconds published, and its state afterwards.
  private struct Run {
    let broker: Broker
    let board: RunningBoard
    let subscriber: OutlivingSubscriber
    let late: [OutlivingSubscriber.Message]
  }

  private func run(_ fast: FastBoard) async throws -> Run {
    let broker = try await Broker()
    let subscriber = try await OutlivingSubscriber(to: broker)
    let board = RunningBoard(in: broker.directory)
    var fast = fast
    fast.port = broker.port
    try board.start(fast)
    #expect(await subscriber.receives(entries: 25))
    // One turn of the slowest signal, so that every kernel and every alarm had its turn.
    #expect(
      await eventually {
        !subscriber.messages("health").isEmpty && subscriber.messages("event").count >= 2
          && subscriber.messages("checkpoint").count >= 3
      })
    try await board.stop()
    #expect(await eventually { subscriber.states.last == "stopping" })
    let late = try await OutlivingSubscriber(to: broker, as: "late")
    #expect(await eventually { late.messages.count >= 3 })
    return Run(broker: broker, board: board, subscriber: subscriber, late: late.messages)
  }

  @Test func `a board runs, says all it should in the right order, and stops in order`()
    async throws
  {
    let run = try await run(FastBoard(playsRecordings: true))
    let subscriber = run.subscriber
    try checkStatus(subscriber, run.late)
    try checkLiveTopics(subscriber)
    try checkOrder(subscriber)

    let published = try CollectedLog(subscriber)
    try published.expectEquals(state: run.board.state)
    #expect(
      published.signed.prefix(4).map(\.entry.type) == [.genesis, .boot, .configuration, .data])
    let text = try await run.board.verified()
    #expect(text.hasPrefix("SIMULATED: "))
    let pinned = try await Cairn.run(
      "verify", run.board.state, "--did", published.did.description, in: run.broker.directory)
    #expect(pinned.code == 0)

    // The last head covers everything, and nothing but the farewell came after it.
    let last = try #require(subscriber.messages("checkpoint").last)
    #expect(last.text.split(separator: "\n")[1] == "\(published.entries.count)")
    #expect(subscriber.messages.last?.topic == "cairn/1/fast/status")
    #expect(
      run.late.contains { $0.topic == "cairn/1/fast/checkpoint" && $0.payload == last.payload })
    #expect(
      try Files.bytes("\(run.board.state)/log/checkpoint") == last.payload,
      "the head on the disk is not the one that was published last")
  }

  /// The birth is the first message of all, the farewell the last; both are kept by the broker.
  private func checkStatus(
    _ subscriber: OutlivingSubscriber, _ late: [OutlivingSubscriber.Message]
  ) throws {
    // What a board asks itself before it signs is for nobody else.
    let birth = try #require(subscriber.messages.first { !$0.topic.hasSuffix("/probe") })
    #expect(birth.topic == "cairn/1/fast/status" && birth.isRetained)
    #expect(birth.contentType == "application/json")
    #expect(birth.object["state"] as? String == "running")
    #expect(birth.object["simulated"] as? Bool == true)
    #expect(birth.object["board"] as? String == "fast")
    #expect(birth.object["urn"] as? String == "urn:dev:cairn:fast:simulated")
    let first = try SignedEntry(parsing: try #require(subscriber.messages("entry").first).payload)
    #expect(birth.object["did"] as? String == first.issuer.description)
    #expect(subscriber.states == ["running", "stopping"])
    let kept = late.first { $0.topic == "cairn/1/fast/status" }
    #expect(kept?.object["state"] as? String == "stopping")
    #expect(Set(late.map(\.topic)) == ["status", "checkpoint", "entry", "health"].topics)
  }

  /// Every sensor and kernel speaks SenML with unit and time; events and health are JSON.
  private func checkLiveTopics(_ subscriber: OutlivingSubscriber) throws {
    let units = [
      "air/temperature": "Cel", "air/humidity": "%RH", "air/pressure": "Pa",
      "roof/temperature": "Cel", "feeder/voltage": "V", "feeder/current": "A", "feeder/power": "W",
      "mains/frequency": "Hz", "meter/energy": "J", "air-1s/air.temperature.mean": "Cel",
    ]
    var seen: [String: Int] = [:]
    for message in subscriber.messages {
      let parts = message.topic.split(separator: "/")
      guard parts.count == 5, ["sensor", "kernel"].contains(parts[3]) else { continue }
      #expect(message.contentType == "application/senml+json")
      #expect(!message.isRetained)
      let records = try SenMLText.records(message.payload)
      #expect(!records.isEmpty)
      for record in records {
        let name = record.n
        let prefix = "urn:dev:cairn:fast:simulated:"
        #expect(name.hasPrefix("\(prefix)\(parts[4])/"))
        let short = String(name.dropFirst(prefix.count))
        seen[short, default: 0] += 1
        if let unit = units[short] { #expect(record.u == unit) }
        #expect(abs(record.t - Date().timeIntervalSince1970) < 120)
      }
    }
    for name in units.keys { #expect(seen[name, default: 0] > 0, "no \(name) was published") }
    let events = subscriber.messages("event").map(\.object)
    #expect(
      events.contains {
        $0["kind"] as? String == "anomaly" && $0["subject"] as? String == "mains.frequency"
          && $0["severity"] as? String == "alarm"
      })
    let health = try #require(subscriber.messages("health").first)
    #expect(health.isRetained)
    let log = try #require(health.object["log"] as? [String: Any])
    #expect(log["state"] as? String == "signing")
    let sensors = try #require(health.object["sensors"] as? [String: [String: Any]])
    #expect(Set(sensors.keys) == ["air", "roof", "feeder", "mains", "meter"])
    let memory = try #require(health.object["memory"] as? [String: Any])
    #expect((memory["resident"] as? Int ?? 0) > 1_000_000)
  }

  /// What is live comes before the entry that signs it, and every live value is in the log to the
  /// last bit; a head comes after the entries that it covers.
  private func checkOrder(_ subscriber: OutlivingSubscriber) throws {
    struct Key: Hashable {
      let name: String
      let time: Double
    }
    var live: [Key: Double] = [:]
    var signed = 0
    var last = 0
    for message in subscriber.messages {
      let topic = message.topic.dropFirst("cairn/1/fast/".count)
      if topic.hasPrefix("sensor/") || topic.hasPrefix("kernel/") {
        for record in try SenMLText.records(message.payload) {
          let key = Key(name: record.n, time: record.t)
          #expect(live.updateValue(record.v, forKey: key) == nil)
        }
      } else if topic == "entry" {
        #expect(message.quality == 1 && message.isRetained)
        #expect(message.contentType == "application/cose; cose-type=\"cose-sign1\"")
        let entry = try SignedEntry(parsing: message.payload).entry
        guard entry.type == .data else { continue }
        for record in try entry.dataBody().records {
          let key = Key(name: record.name, time: try #require(record.timeSeconds))
          guard case .number(let value) = record.value, let said = live.removeValue(forKey: key)
          else { continue }
          #expect(said.bitPattern == value.bitPattern, "\(record.name) was said otherwise")
          signed += 1
        }
      } else if topic == "checkpoint" {
        #expect(message.quality == 1 && message.isRetained)
        #expect(message.contentType == "text/plain; charset=utf-8")
        let covered = try #require(Int(message.text.split(separator: "\n")[1]))
        // A head may come before the entries that it covers, but never goes back.
        #expect(covered >= last, "a head of \(covered) came after one of \(last)")
        last = covered
      }
    }
    #expect(signed > 100)
    #expect(live.isEmpty, "\(live.count) values were said and not signed, as \(live.first as Any)")
  }

  @Test func `a changed board file continues the log with a new configuration entry`()
    async throws
  {
    let broker = try await Broker()
    let subscriber = try await OutlivingSubscriber(to: broker)
    let board = RunningBoard(in: broker.directory)
    var fast = FastBoard(port: broker.port)
    var texts: [String] = []
    for (round, rate) in ["10", "12", "12"].enumerated() {
      fast.rate = rate
      texts.append(fast.text)
      let before = subscriber.messages("entry").count
      try board.start(fast)
      #expect(await subscriber.receives(entries: before + 6))
      try await board.stop()
      #expect(await eventually { subscriber.states.count == 2 * (round + 1) })
    }
    let published = try CollectedLog(subscriber)
    try published.expectEquals(state: board.state)
    try await board.verified()

    var digests: [UInt64: Set<Hash>] = [:]
    var current: Hash?
    var boot: UInt64 = 0
    for entry in published.signed.map(\.entry) {
      if entry.boot != boot {
        // Each start says so first, and nothing is data before its configuration.
        #expect(entry.boot == boot + 1)
        #expect(entry.type == (boot == 0 ? .genesis : .boot))
        (boot, current) = (entry.boot, nil)
      }
      if entry.type == .configuration {
        let body = try entry.configurationBody()
        current = body.boardFileDigest
        #expect(body.boardFile == Array(texts[Int(boot) - 1].utf8))
        digests[boot, default: []].insert(body.boardFileDigest)
      }
      if entry.type == .data { #expect(current != nil, "data before the configuration") }
    }
    for (index, text) in texts.enumerated() {
      #expect(digests[UInt64(index) + 1] == [Hash.digest(of: Array(text.utf8))])
    }
    #expect(digests[1] != digests[2] && digests[2] == digests[3])
  }

  @Test func `of two processes on one state the second gives up and the first goes on`()
    async throws
  {
    let broker = try await Broker()
    let subscriber = try await OutlivingSubscriber(to: broker)
    let board = RunningBoard(in: broker.directory)
    let fast = FastBoard(port: broker.port)
    try board.start(fast)
    #expect(await subscriber.receives(entries: 5))
    let holder = try #require(board.process?.identifier)
    let second = try await Cairn.run(
      "run", broker.directory.path("board.yaml"), "--state", broker.directory.path("state"),
      in: broker.directory)
    #expect(second.code == 1)
    #expect(second.errors.contains("process \(holder)"), "\(second.errors)")
    #expect(second.errors.contains("\(board.state)/lock"))
    let before = subscriber.messages("entry").count
    #expect(await subscriber.receives(entries: before + 5))
    #expect(subscriber.states == ["running"])
    try await board.stop()
    #expect(await eventually { subscriber.states.last == "stopping" })
    let published = try CollectedLog(subscriber)
    try published.expectEquals(state: board.state)
    #expect(Set(published.signed.map(\.entry.boot)) == [1], "the second process counted a start")
    try await board.verified()
  }
}

/// A SenML pack as an ordinary consumer reads it (RFC 8428 section 5).
enum SenMLText {
  struct Record: Decodable {
    let n: String
    let u: String?
    let t: Double
    let v: Double
  }

  /// The records; `JSONSerialization` would not do, for it reads some numbers a bit off.
  static func records(_ payload: [UInt8]) throws -> [Record] {
    try JSONDecoder().decode([Record].self, from: Data(payload))
  }
}

extension [String] {
  /// The full topics of the board under test.
  fileprivate var topics: Set<String> { Set(map { "cairn/1/fast/\($0)" }) }
}
