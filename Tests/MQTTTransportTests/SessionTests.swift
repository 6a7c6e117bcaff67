import BrokerTesting
import MQTTTransport
import Runtime
import Testing

/// Sessions with a real broker.
@Suite(.serialized) struct SessionTests {
  private static let will = OutgoingMessage(
    topic: "status", payload: Array("dead".utf8), delivery: .atLeastOnce(token: 0))

  @Test func `acknowledges every message with its token, in order`() async throws {
    let broker = try await Broker()
    let station = Station(try broker.configuration())
    #expect(await station.connects())
    for token in UInt64(100)..<200 { try station.publish("x", to: "entry", token: token) }
    #expect(await eventually { station.told.tokens.count == 100 })
    #expect(station.told.tokens == Array(100..<200))
    #expect(station.told.events.first == .connected)
    await station.stop()
    #expect(await eventually { station.told.isOver })
    #expect(station.told.losses == [])
  }

  @Test func `a second transport receives, also what was retained before it came`() async throws {
    let broker = try await Broker()
    let sender = Station(try broker.configuration("sender"))
    #expect(await sender.connects())
    try sender.publish("early", to: "a/1", token: 1, isRetained: true)
    #expect(await eventually { sender.told.tokens == [1] })
    let receiver = Station(try broker.configuration("receiver"), subscriptions: ["a/+", "b"])
    #expect(await eventually { receiver.told.received.count == 1 })
    try sender.publish("late", to: "b")
    try sender.publish("elsewhere", to: "c")
    try sender.publish("last", to: "a/2", token: 2)
    #expect(await eventually { receiver.told.received.count == 3 })
    #expect(receiver.told.received.map(\.topic) == ["a/1", "b", "a/2"])
    #expect(receiver.told.received.map(\.text) == ["early", "late", "last"])
    await receiver.stop()
    await sender.stop()
  }

  @Test(arguments: [MQTTConfiguration.ProtocolVersion.v5, .v311])
  func `ten thousand messages arrive in order, each once`(
    version: MQTTConfiguration.ProtocolVersion
  ) async throws {
    // The default of mosquitto: twenty messages in flight, and MQTT 5 says so to the client.
    let broker = try await Broker("allow_anonymous true\nmax_queued_messages 0")
    let receiver = Station(try broker.configuration("receiver"), subscriptions: ["entry"])
    let sender = Station(try broker.configuration("sender", protocolVersion: version))
    #expect(await receiver.connects())
    #expect(await sender.connects())
    for token in UInt64(0)..<10_000 { try sender.publish("\(token)", to: "entry", token: token) }
    #expect(await eventually { receiver.told.received.count >= 10_000 })
    #expect(receiver.told.received.map(\.text) == (0..<10_000).map { "\($0)" })
    #expect(await eventually { sender.told.tokens.count >= 10_000 })
    #expect(sender.told.tokens == Array(0..<10_000))
    await sender.stop()
    await receiver.stop()
  }

  @Test func `carries a payload that no socket takes at once`() async throws {
    let broker = try await Broker()
    let receiver = Station(try broker.configuration("receiver"), subscriptions: ["big"])
    let sender = Station(try broker.configuration("sender"))
    #expect(await receiver.connects())
    #expect(await sender.connects())
    let payload = (0..<8_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    try sender.transport.send(
      OutgoingMessage(topic: "big", payload: payload, delivery: .atLeastOnce(token: 7)))
    #expect(await eventually { sender.told.tokens == [7] })
    #expect(await eventually { receiver.told.events.count == 2 })
    #expect(receiver.told.events.last == .received(topic: "big", payload: payload))
    await sender.stop()
    await receiver.stop()
  }

  @Test func `the will is published after a drop, and not after a farewell`() async throws {
    let broker = try await Broker()
    let witness = Station(try broker.configuration("witness"), subscriptions: ["status", "mark"])
    #expect(await witness.connects())
    let polite = Station(try broker.configuration("polite"), will: Self.will)
    #expect(await polite.connects())
    await polite.stop()
    var dropped: Station? = Station(try broker.configuration("dropped"), will: Self.will)
    let told = try #require(dropped).told
    #expect(try await #require(dropped).connects())
    #expect(!told.isOver)
    dropped = nil
    #expect(await eventually { witness.told.received.count == 1 })
    #expect(await eventually { told.isOver })
    // Had the polite one's will been published, it would have come before the mark.
    try witness.publish("mark", to: "mark")
    #expect(await eventually { witness.told.received.contains { $0.topic == "mark" } })
    #expect(witness.told.received.map(\.text) == ["dead", "mark"])
    await witness.stop()
  }

  @Test func `a stop waits for what is under way`() async throws {
    let broker = try await Broker()
    let station = Station(try broker.configuration())
    #expect(await station.connects())
    for token in UInt64(0)..<2_000 { try station.publish("x", to: "entry", token: token) }
    await station.stop()
    #expect(throws: TransportFailure.notConnected) { try station.publish("x", to: "entry") }
    #expect(await eventually { station.told.isOver })
    #expect(station.told.tokens == Array(0..<2_000))
  }

  @Test func `a stop waits no longer than it may`() async throws {
    let broker = try await Broker()
    let station = Station(try broker.configuration())
    #expect(await station.connects())
    broker.freeze()
    try station.publish("x", to: "entry", token: 1)
    let beginning = ContinuousClock.now
    await station.transport.stop(within: .milliseconds(200))
    let time = beginning.duration(to: .now)
    #expect(time >= .milliseconds(200) && time < .seconds(5))
    #expect(station.told.tokens == [])
    broker.thaw()
  }

  @Test func `a stop interrupts the wait between attempts`() async throws {
    let broker = try Broker.notStarted()
    let configuration = try MQTTConfiguration(
      endpoint: MQTTEndpoint(parsing: "mqtt://127.0.0.1:\(broker.port)"), clientID: "board",
      firstRetry: .seconds(3_600), longestRetry: .seconds(3_600))
    let station = Station(configuration)
    #expect(await eventually { station.told.losses.count == 1 })
    #expect(station.told.losses.first?.contains("Connection refused") == true)
    let beginning = ContinuousClock.now
    await station.stop()
    #expect(beginning.duration(to: .now) < .seconds(5))
    #expect(await eventually { station.told.isOver })
  }

  @Test func `a transport that never began ends all the same`() async throws {
    let broker = try Broker.notStarted()
    let transport = MQTTTransport(try broker.configuration())
    await transport.stop(within: .seconds(10))
    transport.start(will: nil, subscriptions: [])
    for await event in transport.events { Issue.record("unexpected: \(event)") }
  }

  @Test func `a broker that is away at the start is found when it comes`() async throws {
    let broker = try Broker.notStarted()
    let station = Station(try broker.configuration())
    #expect(await eventually { station.told.losses.count >= 2 })
    #expect(throws: TransportFailure.notConnected) { try station.publish("x", to: "entry") }
    try await broker.start()
    #expect(await station.connects())
    try station.publish("x", to: "entry", token: 5)
    #expect(await eventually { station.told.tokens == [5] })
    await station.stop()
  }

  @Test func `a new session sends nothing of the old one`() async throws {
    let broker = try await Broker()
    let station = Station(try broker.configuration(), subscriptions: ["echo"])
    #expect(await station.connects())
    broker.freeze()
    for token in UInt64(1)...3 {
      try station.publish("old", to: "kept/\(token)", token: token, isRetained: true)
    }
    broker.kill()
    #expect(await eventually { !station.told.losses.isEmpty })
    try await broker.start()
    #expect(await station.connects(times: 2))
    try station.publish("new", to: "kept/4", token: 4, isRetained: true)
    #expect(await eventually { station.told.tokens == [4] })
    let kept = Station(try broker.configuration("reader"), subscriptions: ["kept/#"])
    #expect(await eventually { !kept.told.received.isEmpty })
    #expect(kept.told.received.map(\.topic) == ["kept/4"])
    // Subscriptions are part of every session.
    try station.publish("hello", to: "echo")
    #expect(await eventually { station.told.received.map(\.text) == ["hello"] })
    await kept.stop()
    await station.stop()
  }

  @Test func `the reason of a broker that goes down is told`() async throws {
    let broker = try await Broker()
    let station = Station(try broker.configuration())
    #expect(await station.connects())
    broker.stop()
    #expect(await eventually { !station.told.losses.isEmpty })
    let reason = try #require(station.told.losses.first)
    #expect(reason.contains("mqtt://127.0.0.1:\(broker.port)"))
    await station.stop()
  }

  @Test func `MQTT 5 says what the payload is`() async throws {
    let broker = try await Broker()
    let station = Station(try broker.configuration())
    #expect(await station.connects())
    try station.publish(
      "{}", to: "entry", token: 1, isRetained: true, contentType: "application/senml+json")
    #expect(await eventually { station.told.tokens == [1] })
    let seen = try Child.run(
      "/usr/bin/mosquitto_sub",
      [
        "-h", "127.0.0.1", "-p", "\(broker.port)", "-V", "5", "-C", "1", "-W", "10", "-F", "%C|%p",
        "-t", "entry",
      ], in: broker.directory)
    #expect(seen == "application/senml+json|{}\n")
    await station.stop()
  }

  @Test func `a message that the broker refuses is never acknowledged`() async throws {
    let directory = try Directory()
    let rules = try directory.write("topic readwrite open/#\n", to: "rules")
    let broker = try await Broker("allow_anonymous true\nacl_file \(rules)", in: directory)
    let station = Station(try broker.configuration(protocolVersion: .v5))
    #expect(await station.connects())
    try station.publish("x", to: "open/a", token: 1)
    try station.publish("x", to: "closed", token: 2)
    #expect(await eventually { !station.told.losses.isEmpty })
    let reason = try #require(station.told.losses.first)
    #expect(reason.contains("refused a message for 'closed'") && reason.contains("authori"))
    #expect(await station.connects(times: 2))
    #expect(station.told.tokens == [1])
    await station.stop()
  }

  @Test(arguments: [MQTTConfiguration.ProtocolVersion.v5, .v311])
  func `a wrong password is told, and tried again`(
    version: MQTTConfiguration.ProtocolVersion
  ) async throws {
    let directory = try Directory()
    let users = directory.path("users")
    try Child.run(
      "/usr/bin/mosquitto_passwd", ["-b", "-c", users, "board", "right"], in: directory)
    let broker = try await Broker("allow_anonymous false\npassword_file \(users)", in: directory)
    let wrong = Station(
      try broker.configuration(
        "wrong", userName: "board", password: "left", protocolVersion: version))
    #expect(await eventually { wrong.told.losses.count >= 2 })
    #expect(wrong.told.losses.allSatisfy { $0.contains("refused the user name") })
    #expect(wrong.told.connections == 0)
    let right = Station(
      try broker.configuration(
        "right", userName: "board", password: "right", protocolVersion: version))
    #expect(await right.connects())
    await wrong.stop()
    await right.stop()
  }

  @Test func `refuses what could never be sent`() async throws {
    let broker = try await Broker()
    let station = Station(try broker.configuration())
    #expect(await station.connects())
    for topic in ["", "a/#", "a/+/b", "a\u{0}b"] {
      let failure = #expect(throws: TransportFailure.self) { try station.publish("x", to: topic) }
      guard case .refused = failure else {
        Issue.record("\(topic) gave \(String(describing: failure))")
        continue
      }
    }
    await station.stop()
  }
}

/// Beside the others, because the shortest keep-alive time is five seconds.
@Suite struct SilentBrokerTests {
  @Test func `a broker that falls silent is noticed without a message to send`() async throws {
    let broker = try await Broker()
    let station = Station(try broker.configuration(keepAlive: .seconds(5)))
    #expect(await station.connects())
    broker.freeze()
    #expect(await eventually { !station.told.losses.isEmpty })
    let reason = try #require(station.told.losses.first)
    #expect(reason.contains("silent"))
    broker.thaw()
    #expect(await station.connects(times: 2))
    await station.stop()
  }
}
