import MQTTTransport
import Runtime
import Testing

/// Sessions with brokers that do what mosquitto can't be told to do.
@Suite(.serialized) struct ScriptedBrokerTests {
  private func configuration(
    _ broker: ScriptedBroker, _ version: MQTTConfiguration.ProtocolVersion = .automatic
  ) throws -> MQTTConfiguration {
    try MQTTConfiguration(
      endpoint: MQTTEndpoint(parsing: "mqtt://127.0.0.1:\(broker.port)"), clientID: "board",
      protocolVersion: version, firstRetry: .milliseconds(20), longestRetry: .milliseconds(50))
  }

  @Test(arguments: [ScriptedBroker.Manner.refuses, .refusesAsMQTT5, .closes])
  func `falls back to MQTT 3.1.1, says so and stays there`(manner: ScriptedBroker.Manner)
    async throws
  {
    let broker = try ScriptedBroker(manner)
    defer { broker.close() }
    let station = Station(try configuration(broker))
    #expect(await station.connects())
    #expect(station.told.losses.count == 1)
    #expect(station.told.losses.first?.hasSuffix("; trying MQTT 3.1.1 next") == true)
    #expect(station.told.notices.first?.hasSuffix("MQTT 3.1.1 from now on") == true)
    try station.publish("x", to: "entry", token: 3, contentType: "text/plain")
    #expect(await eventually { station.told.tokens == [3] })
    broker.cut()
    #expect(await station.connects(times: 2))
    #expect(broker.log.map(\.level) == [5, 4, 4])
    await station.stop()
    #expect(await eventually { broker.log.last?.saidFarewell == true })
    #expect(station.told.notices.count == 1)
  }

  @Test func `asks for MQTT 5 for ever where nothing else is wanted`() async throws {
    let broker = try ScriptedBroker()
    defer { broker.close() }
    let station = Station(try configuration(broker, .v5))
    #expect(await eventually { station.told.losses.count >= 3 })
    #expect(station.told.losses.allSatisfy { $0.hasSuffix("speaks no MQTT 5") })
    #expect(broker.log.allSatisfy { $0.level == 5 })
    await station.stop()
  }

  @Test func `a message without an answer is not repeated by the library`() async throws {
    let broker = try ScriptedBroker(acknowledges: false)
    defer { broker.close() }
    let station = Station(try configuration(broker, .v311))
    #expect(await station.connects())
    for token in UInt64(0)..<1_000 { try station.publish("x", to: "entry", token: token) }
    // 256 is the window; what lies behind it waits for answers.
    #expect(await eventually { broker.log[0].published == 256 })
    broker.cut()
    #expect(await station.connects(times: 2))
    try station.publish("x", to: "entry", token: 2_000)
    #expect(await eventually { broker.log.count == 2 && broker.log[1].published >= 1 })
    await station.transport.stop(within: .milliseconds(50))
    #expect(await eventually { broker.log[1].saidFarewell })
    #expect(broker.log[1].published == 1)
    #expect(station.told.tokens == [])
  }

  /// DISCONNECT with 0x8E (session taken over): MQTT 5, section 3.14.
  @Test func `the broker's own reason for an end is told`() async throws {
    let packet: [UInt8] = [0xE0, 2, 0x8E, 0]
    let broker = try ScriptedBroker(.accepts(properties: [], answer: packet))
    defer { broker.close() }
    let station = Station(try configuration(broker))
    #expect(await station.connects())
    try station.publish("x", to: "entry", token: 1)
    #expect(await eventually { !station.told.losses.isEmpty })
    let reason = try #require(station.told.losses.first)
    #expect(reason.hasSuffix("ended the session: Session taken over"))
    #expect(station.told.tokens == [])
    await station.stop()
  }

  /// Maximum QoS 0 (36), no retained messages (37), packets of 40 bytes (39): MQTT 5, section 3.2.2.3.
  @Test func `what the broker said it takes is all that is sent to it`() async throws {
    let properties: [UInt8] = [0x24, 0, 0x25, 0, 0x27, 0, 0, 0, 40]
    let broker = try ScriptedBroker(.accepts(properties: properties, answer: []))
    defer { broker.close() }
    let station = Station(try configuration(broker))
    #expect(await station.connects())
    #expect(throws: TransportFailure.refused("the broker acknowledges nothing (QoS 0 only)")) {
      try station.publish("x", to: "entry", token: 1)
    }
    #expect(throws: TransportFailure.refused("the broker keeps no retained messages")) {
      try station.publish("x", to: "entry", isRetained: true)
    }
    // 1 + 1 + 2 + 5 + 1 bytes around the payload.
    let longest = String(repeating: "x", count: 30)
    #expect(throws: TransportFailure.self) { try station.publish(longest + "x", to: "entry") }
    try station.publish(longest, to: "entry")
    #expect(await eventually { broker.log.last?.published == 1 })
    #expect(station.told.losses == [])
    await station.stop()
  }
}
