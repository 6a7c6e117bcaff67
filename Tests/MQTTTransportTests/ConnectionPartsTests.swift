import Runtime
import Testing

@testable import MQTTTransport

/// The parts of a connection that need no broker.
@Suite struct ConnectionPartsTests {
  /// Always the greatest or the least number.
  private struct Fixed: RandomNumberGenerator {
    let value: UInt64
    mutating func next() -> UInt64 { value }
  }

  @Test func `waits double up to the longest and begin again`() {
    var most = BackOff(
      first: .milliseconds(500), longest: .seconds(60), randomness: Fixed(value: .max))
    let milliseconds = [500, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]
    for bound in milliseconds {
      let wait = most.next()
      #expect(wait <= .milliseconds(bound) && wait >= .milliseconds(bound) - .microseconds(1))
    }
    for _ in 0..<10_000 { #expect(most.next() <= .seconds(60)) }
    most.reset()
    #expect(most.next() <= .milliseconds(500))
  }

  @Test func `jitter reaches down to nothing`() {
    var least = BackOff(first: .seconds(1), longest: .seconds(60), randomness: Fixed(value: 0))
    for _ in 0..<10 { #expect(least.next() == .zero) }
  }

  @Test func `a queue gives what it got, in order`() {
    var queue = FIFO<Int>()
    var (put, taken) = (0, 0)
    for round in 0..<4_000 {
      for _ in 0..<(round % 7) {
        queue.append(put)
        put += 1
      }
      for _ in 0..<(round % 6) where !queue.isEmpty {
        #expect(queue.popFirst() == taken)
        taken += 1
      }
      #expect(queue.count == put - taken)
    }
    while let next = queue.popFirst() {
      #expect(next == taken)
      taken += 1
    }
    #expect(taken == put && queue.isEmpty)
  }

  @Test func `falls back when MQTT 5 is refused, and stays there`() {
    var choice = ProtocolChoice(.automatic)
    #expect(choice.version == .v5)
    #expect(choice.reconsider(after: .other) == nil)
    #expect(choice.reconsider(after: .versionRefused) == .v311)
    #expect(choice.isFallBack)
    choice.keep()
    #expect(!choice.isFallBack)
    choice.keep()
    #expect(choice.reconsider(after: .closedBeforeAnswer) == nil)
    #expect(choice.version == .v311)
    // A broker that has been replaced by one of MQTT 5 only.
    #expect(choice.reconsider(after: .versionRefused) == .v5)
    #expect(!choice.isFallBack)
    choice.keep()
    #expect(choice.version == .v5)
  }

  @Test func `takes turns while a broker only closes`() {
    var choice = ProtocolChoice(.automatic)
    #expect(choice.reconsider(after: .closedBeforeAnswer) == .v311)
    #expect(choice.reconsider(after: .closedBeforeAnswer) == .v5)
    #expect(!choice.isFallBack)
    choice.keep()
    #expect(choice.reconsider(after: .closedBeforeAnswer) == nil)
  }

  @Test func `never leaves a version that was asked for`() {
    for setting: MQTTConfiguration.ProtocolVersion in [.v5, .v311] {
      var choice = ProtocolChoice(setting)
      #expect(choice.version == (setting == .v5 ? .v5 : .v311))
      #expect(choice.reconsider(after: .versionRefused) == nil)
      #expect(!choice.isFallBack)
      choice.keep()
    }
  }

  private static let open = SessionLimits(version: .v5)

  @Test func `takes messages only after the beginning of this session was taken`() async {
    let mailbox = Mailbox()
    let message = OutgoingMessage(topic: "t", payload: [])
    #expect(mailbox.begin() && !mailbox.begin())
    mailbox.open(Self.open)
    #expect(throws: TransportFailure.notConnected) { try mailbox.post(message) }
    #expect(await mailbox.nextEvent() == .connected)
    #expect(throws: Never.self) { try mailbox.post(message) }
    mailbox.close(reason: "lost")
    #expect(throws: TransportFailure.notConnected) { try mailbox.post(message) }
    mailbox.open(Self.open)
    #expect(throws: TransportFailure.notConnected) { try mailbox.post(message) }
    #expect(await mailbox.nextEvent() == .disconnected(reason: "lost"))
    #expect(throws: TransportFailure.notConnected) { try mailbox.post(message) }
    #expect(await mailbox.nextEvent() == .connected)
    #expect(throws: Never.self) { try mailbox.post(message) }
    var collected: [OutgoingMessage] = []
    _ = mailbox.collect(into: &collected)
    #expect(collected == [message])
  }

  @Test func `the beginning of a session that is gone opens nothing`() async {
    let mailbox = Mailbox()
    mailbox.open(Self.open)
    mailbox.close(reason: "lost")
    mailbox.open(Self.open)
    #expect(await mailbox.nextEvent() == .connected)
    #expect(throws: TransportFailure.notConnected) {
      try mailbox.post(OutgoingMessage(topic: "t", payload: []))
    }
  }

  @Test func `events end after those that happened before the end`() async {
    let mailbox = Mailbox()
    mailbox.report([.acknowledged(token: 1)])
    mailbox.finish()
    mailbox.report([.acknowledged(token: 2)])
    #expect(await mailbox.nextEvent() == .acknowledged(token: 1))
    #expect(await mailbox.nextEvent() == nil)
    await mailbox.waitForEnd()
  }

  @Test func `refuses what no broker takes`() {
    func refusal(_ topic: String, _ contentType: String? = nil) -> String? {
      OutgoingMessage(topic: topic, payload: [], contentType: contentType).refusal
    }
    #expect(refusal("a/b ü") == nil)
    #expect(refusal(String(repeating: "a", count: 65_535)) == nil)
    for topic in ["", "a/+", "#", "a\u{0}", "a\n", String(repeating: "a", count: 65_536)] {
      #expect(refusal(topic) != nil)
    }
    #expect(refusal("a", "text/plain") == nil)
    #expect(refusal("a", "text\u{0}plain") != nil)
  }

  /// Lengths by MQTT 5, section 3.3: a byte, the remaining length, the topic with its length, the
  /// packet identifier at QoS 1, the properties with their length, the payload.
  @Test func `refuses by what the broker said`() {
    func isTaken(_ message: OutgoingMessage, _ limits: SessionLimits) -> Bool {
      message.refusal(under: limits) == nil
    }
    let small = OutgoingMessage(topic: "abc", payload: [1, 2, 3, 4])
    #expect(isTaken(small, SessionLimits(version: .v311, packetBytes: 11)))
    #expect(!isTaken(small, SessionLimits(version: .v311, packetBytes: 10)))
    #expect(isTaken(small, SessionLimits(version: .v5, packetBytes: 12)))
    #expect(!isTaken(small, SessionLimits(version: .v5, packetBytes: 11)))
    let rich = OutgoingMessage(
      topic: "abc", payload: Array(repeating: 0, count: 200), contentType: "text/plain",
      isRetained: true, delivery: .atLeastOnce(token: 1))
    #expect(isTaken(rich, SessionLimits(version: .v5, packetBytes: 1 + 2 + 5 + 2 + 14 + 200)))
    #expect(!isTaken(rich, SessionLimits(version: .v5, packetBytes: 1 + 2 + 5 + 2 + 14 + 199)))
    #expect(!isTaken(rich, SessionLimits(version: .v5, keepsRetained: false)))
    #expect(!isTaken(rich, SessionLimits(version: .v5, acknowledges: false)))
    #expect(isTaken(small, SessionLimits(version: .v5, keepsRetained: false, acknowledges: false)))
  }
}
