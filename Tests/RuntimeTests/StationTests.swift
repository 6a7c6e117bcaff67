import Board
import Buses
import Drivers
import Evidence
import Logging
import MerkleLog
import Quantities
import RuntimeTesting
import ServiceLifecycle
import ServiceLifecycleTestKit
import Testing

@testable import Runtime

/// A whole board in memory.
struct StationBench {
  /// Tasks that sleep while all is well: one per sensor, the ticks and the health.
  let sleepers: Int
  let board: Board
  let clock = ManualClock()
  let log = InMemoryEvidenceLog()
  let transport: InMemoryTransport
  let cursor = InMemoryCursorStore()
  let hardware = ScriptedHardware()
  let topics = Topics(board: "test")
  let recorder: Recorder
  let station: Station<ScriptedHardware>

  init(
    acknowledging: Bool = true, lastReadings: [String: [Reading]] = [:], kernels: String = "",
    cpu: String = ""
  ) async throws {
    let file = """
      board: { name: test }
      buses: { i2c-1: { device: /dev/i2c-1 }, header: { gpiochip: gpiochip0 } }
      sensors:
        air: { driver: sht3x, on: i2c-1, address: 0x44, every: 1 s }
        meter: { driver: pulse-counter, on: header, line: 17, debounce: 1 ms, every: 1 s }
        \(cpu)
      record: { every: 10 s, checkpoint: 30 s }
      \(kernels)
      """
    board = try RuntimeTests.board(file)
    sleepers = board.sensors.count + 2
    transport = InMemoryTransport(acknowledging: acknowledging)
    hardware.attach(sht3x(), at: try address(0x44), on: "i2c-1")
    let identity = try identity()
    recorder = Recorder(log: log, signer: identity, subject: board.urn, boot: 3)
    await recorder.record([genesis])
    station = Station(
      StationParts(
        board: board, boardFile: Array(file.utf8), hardware: hardware, recorder: recorder,
        did: identity.did, clock: clock, transport: transport, cursorStore: cursor,
        lastReadings: lastReadings, version: "cairn 1", memory: { (resident: 2, anonymous: 1) }),
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
  }

  /// Runs the board in a service group while `body` does what it does, then shuts it down in order.
  func run(_ body: () async throws -> Void) async throws {
    let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    let group = ServiceGroup(
      configuration: ServiceGroupConfiguration(services: [station], logger: logger))
    let running = Task { try await group.run() }
    try await transport.waitUntilStarted()
    transport.connect()
    try await hardware.waitForListener(to: "meter")
    try await clock.waitForSleepers(sleepers)
    try await body()
    await group.triggerGracefulShutdown()
    // The farewell waits by the clock, which stands until nobody samples any more.
    let driving = Task { [clock] in
      try await clock.waitForSleepers(atMost: 1)
      while true {
        try await clock.waitForSleepers(1)
        clock.advance(by: .milliseconds(5))
      }
    }
    try await running.value
    driving.cancel()
    _ = await driving.result
  }

  func advance(_ duration: Duration, awake: Int = 0) async throws {
    try await clock.advance(by: duration, keeping: sleepers - awake)
  }

  func entries() throws -> [Entry] { try verified(log, by: identity()) }

  /// Waits until an entry has an event of a kind.
  func waitForEvent(_ kind: EventKind) async throws {
    try await log.wait { entries in
      entries.contains { bytes in
        (try? SignedEntry(parsing: bytes).entry)?.events.contains { $0.kind == kind } == true
      }
    }
  }

  func waitForMessage(on topic: String, _ text: String) async throws {
    try await transport.wait { sent in
      sent.contains {
        $0.message.topic == topic
          && String(decoding: $0.message.payload, as: UTF8.self).contains(text)
      }
    }
  }
}

@Suite(.timeLimit(.minutes(1))) struct StationTests {
  @Test func `starts, measures, records, publishes and stops in order`() async throws {
    let bench = try await StationBench()
    try await bench.run {
      try await bench.advance(.milliseconds(35_500))
      try await bench.log.waitForCheckpoint(over: 4)
      try await bench.cursor.waitUntilSaved(6)
    }
    let entries = try bench.entries()
    #expect(entries.prefix(4).map(\.type) == [.genesis, .boot, .configuration, .data])
    #expect(entries.allSatisfy { $0.boot == 3 })
    // Every beat of 35 s brought a temperature: at 0, 1, ... 35 s and the chip's time.
    let temperatures = entries.flatMap(\.records).filter { $0.name.hasSuffix("air/temperature") }
    #expect(temperatures.count == 36)
    #expect(temperatures.allSatisfy { $0.number == 25 })
    let times = temperatures.compactMap(\.timeSeconds)
    for (earlier, later) in zip(times.dropFirst(), times.dropFirst(2)) {
      #expect(abs(later - earlier - 1) < 1e-5)
    }
    // Nothing failed, so nothing says so.
    #expect(entries.flatMap(\.events).allSatisfy { $0.kind == .gap && $0.subject == "meter.rate" })

    // The last head covers everything, and the broker has everything.
    #expect(bench.log.checkpointSize == bench.log.size)
    let sent = bench.transport.messages(on: bench.topics.entry)
    #expect(sent.map(\.payload) == bench.log.entries)
    #expect(bench.cursor.load() == bench.log.size)
    #expect(
      bench.transport.retained(on: bench.topics.checkpoint)?.payload == bench.log.checkpoint?.bytes)
  }

  @Test func `a device of the kernel is sampled, lost and found beside the chips`() async throws {
    let bench = try await StationBench(
      cpu: "cpu: { driver: hwmon, device: coretemp, every: 1 s, temperature: temp1 }")
    bench.hardware.loadKernelDevice("coretemp", ["temp1_input": "47000"])
    try await bench.run {
      try await bench.advance(.seconds(3))
      try await bench.waitForMessage(on: bench.topics.sensor("cpu"), "\"v\":47")
      bench.hardware.unloadKernelDevice("coretemp")
      try await bench.advance(.seconds(2))
      try await bench.waitForMessage(on: bench.topics.event, "no such device")
      bench.hardware.loadKernelDevice("coretemp", ["temp1_input": "46000"])
      try await bench.advance(.seconds(6))
      try await bench.waitForMessage(on: bench.topics.sensor("cpu"), "\"v\":46")
    }
    let entries = try bench.entries()
    // One string for each channel of the driver; those that are not read are empty.
    let raw = entries.compactMap(\.evidence).flatMap { $0 }.filter { $0.sensor == "cpu" }
    let strings = raw.flatMap(\.readings)
    #expect(!strings.isEmpty && strings.count.isMultiple(of: 6))
    #expect(strings.map(\.count).prefix(6) == [17, 0, 0, 0, 0, 0])
  }

  @Test func `the farewell is the last word, after the flushed data and the last head`()
    async throws
  {
    let bench = try await StationBench()
    try await bench.run {
      // Not yet an interval: everything waits.
      try await bench.advance(.seconds(5))
      try await bench.waitForMessage(on: bench.topics.sensor("air"), "\"v\":25")
      #expect(bench.log.size == 2)
    }
    let topics = bench.topics
    let order = bench.transport.sent.map(\.message.topic).filter {
      [topics.entry, topics.checkpoint, topics.status].contains($0)
    }
    #expect(order.first == topics.status)
    #expect(order.last == topics.status)
    let last = try #require(bench.transport.sent.last?.message)
    #expect(String(decoding: last.payload, as: UTF8.self).contains(#""state":"stopping""#))
    let head = try #require(order.lastIndex(of: topics.checkpoint))
    #expect(head < order.count - 1)
    let entries = try bench.entries()
    #expect(entries.dropFirst(2).first?.type == .configuration)
    #expect(entries.flatMap(\.records).contains { $0.name.hasSuffix("air/temperature") })
    #expect(bench.log.checkpointSize == bench.log.size)
    #expect(bench.transport.messages(on: topics.entry).count == Int(bench.log.size))
    #expect(bench.transport.retained(on: topics.status) == last)
  }

  @Test func `says who it is, and leaves a will`() async throws {
    let bench = try await StationBench()
    try await bench.run {
      try await bench.waitForMessage(on: bench.topics.status, "running")
    }
    let will = try #require(bench.transport.will)
    let did = try identity().did
    #expect(
      String(decoding: will.payload, as: UTF8.self)
        == #"{"state":"lost","board":"test","urn":"urn:dev:cairn:test","did":"\#(did)","#
        + #""simulated":false,"version":"cairn 1"}"#)
    #expect(will.isRetained)
  }

  @Test func `an alarm is signed and sent at once`() async throws {
    let bench = try await StationBench(
      kernels: "kernels: { hot: { kind: threshold, of: air.temperature, above: 24 } }")
    try await bench.run {
      try await bench.advance(.milliseconds(500))
      try await bench.waitForEvent(.anomaly)
      try await bench.cursor.waitUntilSaved(5)
    }
  }

  @Test func `a bus that hangs is told while it hangs, and every beat is accounted for`()
    async throws
  {
    let bench = try await StationBench()
    try await bench.run {
      try await bench.advance(.milliseconds(2500))
      bench.hardware.hold("i2c-1")
      // The sensor's task does not sleep any more.
      let hanging = Task { try await bench.advance(.seconds(20), awake: 1) }
      try await bench.hardware.waitUntilHolding("i2c-1")
      try await hanging.value
      try await bench.waitForEvent(.fault)
      bench.hardware.release("i2c-1")
      try await bench.advance(.seconds(20))
      try await bench.waitForEvent(.recovered)
    }
    let events = try bench.entries().flatMap(\.events).filter { $0.subject == "air" }
    #expect(events.map(\.kind).filter { $0 != .gap } == [.fault, .recovered])
    #expect(
      events.first { $0.kind == .fault }?.detail("cause")?.textValue?.contains("hangs") == true)
    let missed = events.filter { $0.kind == .gap }.compactMap { $0.detail("missed")?.unsignedValue }
    let measured = try bench.entries().flatMap(\.records).count {
      $0.name.hasSuffix("air/temperature")
    }
    // Beats at 0, 1, 2, ... 42 s.
    #expect(Int(missed.reduce(0, +)) + measured == 43)
  }

  @Test func `the meter goes on while the bus fails, and the bus recovers`() async throws {
    let bench = try await StationBench(
      lastReadings: ["meter": [Reading("pulses", Quantity(nano: 41_000_000_000, unit: .count))]])
    bench.hardware.failOpening(of: "i2c-1", with: I2CFailure(.deviceGone))
    bench.hardware.send([LineEdge(.rising, timestamp: 60_000_000_000)], to: "meter")
    try await bench.run {
      try await bench.hardware.waitUntilTaken(from: "meter")
      try await bench.advance(.seconds(12))
      try await bench.waitForEvent(.fault)
      bench.hardware.failOpening(of: "i2c-1", with: nil)
      try await bench.advance(.seconds(30))
      try await bench.waitForEvent(.recovered)
    }
    let entries = try bench.entries()
    let pulses = entries.flatMap(\.records).filter { $0.name.hasSuffix("meter/pulses") }
    #expect(pulses.count >= 41)
    #expect(pulses.allSatisfy { $0.number == 42 })
    #expect(entries.flatMap(\.events).count { $0.kind == .fault } == 1)
  }

  @Test func `goes on to measure and to tell when the log fails`() async throws {
    let bench = try await StationBench()
    try await bench.run {
      try await bench.advance(.seconds(5))
      bench.log.failNext(with: .system(file: "wal", call: "fdatasync", error: "No space left"))
      try await bench.advance(.seconds(30))
      try await bench.waitForMessage(on: bench.topics.health, #""state":"failed""#)
    }
    let health = try #require(bench.transport.retained(on: bench.topics.health))
    let text = String(decoding: health.payload, as: UTF8.self)
    #expect(text.contains("fdatasync of wal: No space left"))
    #expect(bench.log.size == 2)
    #expect(bench.log.refusedCalls == 1)
    #expect(bench.transport.messages(on: bench.topics.sensor("air")).count >= 35)
  }

  @Test func `health goes out while the disk hangs, and nothing is lost by it`() async throws {
    let bench = try await StationBench()
    try await bench.run {
      try await bench.advance(.milliseconds(5500))
      bench.log.hold()
      try await bench.advance(.seconds(30))
      try await bench.log.waitUntilHolding()
      try await bench.waitForMessage(on: bench.topics.health, #""uptime_s":91"#)
      bench.log.release()
    }
    let health = try #require(bench.transport.retained(on: bench.topics.health))
    #expect(!String(decoding: health.payload, as: UTF8.self).contains(#""waiting":0"#))
    let temperatures = try bench.entries().flatMap(\.records).filter {
      $0.name.hasSuffix("air/temperature")
    }
    #expect(temperatures.count == 36)
    #expect(bench.log.checkpointSize == bench.log.size)
  }

  @Test func `stops when its task is cancelled, too`() async throws {
    let bench = try await StationBench(acknowledging: false)
    let running = Task { try await bench.station.run() }
    try await bench.transport.waitUntilStarted()
    bench.transport.connect()
    try await bench.clock.waitForSleepers(bench.sleepers)
    running.cancel()
    // The clock stands: nothing waits by it.
    try await running.value
    #expect(bench.log.checkpointSize == bench.log.size)
    #expect(bench.log.size >= 2)
  }

  @Test func `runs without a broker`() async throws {
    let bench = try await StationBench()
    let identity = try identity()
    let station = Station(
      StationParts(
        board: bench.board, boardFile: [], hardware: bench.hardware, recorder: bench.recorder,
        did: identity.did, clock: bench.clock, transport: nil, cursorStore: bench.cursor,
        lastReadings: [:], version: "cairn 1", memory: { nil }),
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    try await testGracefulShutdown { trigger in
      let running = Task { try await station.run() }
      try await bench.advance(.seconds(12))
      trigger.triggerGracefulShutdown()
      try await running.value
    }
    #expect(try bench.entries().map(\.type).prefix(4) == [.genesis, .boot, .configuration, .data])
    #expect(bench.log.checkpointSize == bench.log.size)
  }
}
