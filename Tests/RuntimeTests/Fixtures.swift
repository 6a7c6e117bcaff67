import Board
import BoardYAML
import Buses
import Drivers
import Evidence
import MerkleLog
import Quantities
import RuntimeTesting
import Synchronization
import Testing

@testable import Runtime

/// The board of a file, which must have no error.
func board(_ yaml: String) throws -> Board {
  let bytes = Array(yaml.utf8)
  let (node, diagnostics) = BoardYAML.node(parsing: bytes)
  #expect(diagnostics == [])
  return try BoardReader.board(from: try #require(node), fileSize: bytes.count).get()
}

/// A board with one SHT3x, `air`, and more lines of the file.
func airBoard(
  channels: String = "", record: String = "every: 10 s, checkpoint: 1 min", more: String = ""
) throws -> Board {
  try board(
    """
    board: { name: test }
    buses: { i2c-1: { device: /dev/i2c-1 } }
    sensors:
      air: { driver: sht3x, on: i2c-1, address: 0x44, every: 1 s, channels: { \(channels) } }
    record: { \(record) }
    \(more)
    """)
}

func address(_ number: Int) throws -> I2CAddress { try #require(I2CAddress(number)) }

/// Whole and decimal amounts as quantities.
func celsius(_ milli: Int128) -> Quantity { Quantity(nano: milli * 1_000_000, unit: .celsius) }
func humidity(_ milli: Int128) -> Quantity {
  Quantity(nano: milli * 1_000_000, unit: .relativeHumidity)
}

/// What an SHT3x gave.
func airMeasurement(_ milliCelsius: Int128, faults: [ChannelFault] = []) -> Acquisition.Outcome {
  .measured(
    Measurement(
      [Reading("temperature", celsius(milliCelsius)), Reading("humidity", humidity(50_000))],
      faults: faults), raw: [[1, 2, 3, 4, 5, 6]])
}

/// An instant so many milliseconds after the start of the machine, with a right clock.
func instant(
  _ milliseconds: UInt64, unixOffset: Int64 = 0,
  quality: ClockQuality? = ClockQuality(errorMilliseconds: 3, source: .ntp)
) -> Moment {
  Moment(
    bootMilliseconds: milliseconds,
    unixNanoseconds: 1_750_000_000_000_000_000 + (Int64(milliseconds) + unixOffset) * 1_000_000,
    quality: quality)
}

/// Checks all entries as a stranger would, and gives what they state.
func verified(_ log: InMemoryEvidenceLog, by identity: Identity) throws -> [Entry] {
  var verifier = LogVerifier(did: identity.did)
  var entries: [Entry] = []
  for bytes in log.entries {
    let verdict = verifier.check(bytes)
    #expect(verdict.faults == [])
    #expect(bytes.count <= 65535)
    entries.append(try #require(verdict.entry).entry)
  }
  return entries
}

func identity() throws -> Identity { try Identity(seed: [UInt8](repeating: 7, count: 32)) }

/// A statement that can be told apart by its number.
func statement(_ number: Int, at milliseconds: UInt64 = 1000) -> Statement {
  Statement(
    type: .event, moment: instant(milliseconds),
    body: EventBody([Event(kind: .command, subject: "\(number)")]).cbor)
}

let genesis = Statement(type: .genesis, moment: instant(0), body: .array([]))

extension Entry {
  /// The events of the entry; none where it is of another type.
  var events: [Event] { type == .event ? (try? eventBody().events) ?? [] : [] }
  /// The records of the entry; none where it is of another type.
  var records: [SenMLRecord] { type == .data ? (try? dataBody().records) ?? [] : [] }
}

extension Event {
  /// A detail by its name.
  func detail(_ name: String) -> CBOR? { details?.first { $0.key == .text(name) }?.value }
}

extension SenMLRecord {
  /// The number of the record.
  var number: Double? { if case .number(let number) = value { number } else { nil } }
}

/// A signer that counts, and can be told to fail.
final class CountingSigner: Signer {
  private let identity: Identity
  private let state = Mutex((count: 0, failure: SigningError?.none))

  init(_ identity: Identity) { self.identity = identity }

  var did: DIDKey { identity.did }
  var count: Int { state.withLock { $0.count } }

  func fail(with failure: SigningError?) { state.withLock { $0.failure = failure } }

  func signature(over message: [UInt8]) throws(SigningError) -> [UInt8] {
    let failure = state.withLock { state in
      state.count += 1
      return state.failure
    }
    if let failure { throw failure }
    return try identity.signature(over: message)
  }
}

/// Messages that were sent, in order.
final class Outbox: Sendable {
  private let state = Mutex<[OutgoingMessage]>([])

  var messages: [OutgoingMessage] { state.withLock { $0 } }
  func send(_ message: OutgoingMessage) { state.withLock { $0.append(message) } }
  func texts(on topic: String) -> [String] {
    messages.filter { $0.topic == topic }.map { String(decoding: $0.payload, as: UTF8.self) }
  }
}

/// The word that an SHT3x sends for a number, with its checksum (data sheet section 4.12).
func sensirionWord(_ word: UInt16) -> [UInt8] {
  let bytes = [UInt8(word >> 8), UInt8(word & 0xFF)]
  var checksum: UInt8 = 0xFF
  for byte in bytes {
    checksum ^= byte
    for _ in 0..<8 { checksum = checksum & 0x80 != 0 ? checksum << 1 ^ 0x31 : checksum << 1 }
  }
  return bytes + [checksum]
}

/// An SHT3x that is well, with the words of its two channels.
func sht3x(
  _ temperature: UInt16 = 0x6666, _ humidity: UInt16 = 0x8000, status: UInt16 = 0
) -> ScriptedDevice {
  let status = Mutex(status)
  return ScriptedDevice { written, count throws(I2CFailure) in
    switch written {
    // Clear the status register (section 4.11).
    case [0x30, 0x41]: status.withLock { $0 = 0 }
    case [0xF3, 0x2D]: return sensirionWord(status.withLock { $0 })
    case [] where count == 6: return sensirionWord(temperature) + sensirionWord(humidity)
    default: break
    }
    guard count == 0 else { throw I2CFailure(.noAcknowledgeOfData, detail: "not scripted") }
    return []
  }
}

/// Where a board's chips are, as a worker takes them.
func placements(_ board: Board) -> [I2CPlacement] {
  board.sensors.enumerated().compactMap { index, sensor in
    guard case .i2c(let driver, _) = sensor.part else { return nil }
    return I2CPlacement(index: index, driver: driver, power: sensor.power)
  }
}

/// Does something while the clock goes on whenever somebody sleeps.
func driving<Value: Sendable>(
  _ clock: ManualClock, _ work: @escaping @Sendable () async throws -> Value
) async throws -> Value {
  let task = Task { try await work() }
  let done = Task { _ = await task.result }
  let driving = Task {
    while !Task.isCancelled {
      try await clock.waitForSleepers(1)
      clock.advance(by: .milliseconds(20))
    }
  }
  await done.value
  driving.cancel()
  _ = await driving.result
  return try await task.value
}

/// A BME280 that is well, with the data sheet's example of trimming shifted by a number.
func bme280(trimmingShift: UInt8 = 0) -> ScriptedDevice {
  let first: [UInt8] = [
    0x70 &+ trimmingShift, 0x6B, 0x43, 0x67, 0x18, 0xFC, 0x7D, 0x8E, 0x43, 0xD6, 0xD0, 0x0B, 0x27,
    0x0B, 0x8C, 0x00, 0xF9, 0xFF, 0x8C, 0x3C, 0xF8, 0xC6, 0x70, 0x17, 0x00, 0x4B,
  ]
  let settings = Mutex<[UInt8: UInt8]>([:])
  return ScriptedDevice { written, count throws(I2CFailure) in
    if count == 0 {
      if written.count == 2 {
        // A forced measurement is over at once, and the chip sleeps again (mode bits 0).
        settings.withLock { $0[written[0]] = written[0] == 0xF4 ? written[1] & 0xFC : written[1] }
      }
      return []
    }
    switch written {
    case [0xD0]: return [0x60]
    case [0xF3]: return [0]
    case [0x88]: return first
    case [0xE1]: return [0x6D, 0x01, 0x00, 0x13, 0x2A, 0x03, 0x1E]
    case [0xF2]: return settings.withLock { s in [s[0xF2] ?? 0, 0, s[0xF4] ?? 0, s[0xF5] ?? 0] }
    case [0xF7]: return [0x65, 0x5A, 0xC0, 0x7E, 0xED, 0x00, 0x73, 0x00]
    default: throw I2CFailure(.noAcknowledgeOfData)
    }
  }
}

/// An ADS1115 whose conversions are the codes of their inputs, as the high byte (data sheet section
/// 9.6.3); it refuses reads of the configuration register as often as it is told.
final class ScriptedADS1115: Sendable {
  private let state = Mutex((register: UInt16(0x8583), refusals: 0))

  func refuse(_ count: Int) { state.withLock { $0.refusals = count } }

  var device: ScriptedDevice {
    ScriptedDevice { [self] written, count throws(I2CFailure) in
      let answer: [UInt8]? = state.withLock { state in
        switch (written.first, written.count) {
        case (0x01, 3):
          state.register = UInt16(written[1]) << 8 | UInt16(written[2])
          return []
        case (0x00, 1): return [UInt8(state.register >> 12 & 7), 0]
        case (0x01, 1):
          guard state.refusals == 0 else {
            state.refusals -= 1
            return nil
          }
          return [UInt8(state.register >> 8) | 0x80, UInt8(state.register & 0xFF)]
        case (0x02, 1): return [0x80, 0x00]
        case (0x03, 1): return [0x7F, 0xFF]
        default: return nil
        }
      }
      guard let answer, answer.count == count else { throw I2CFailure(.noAcknowledgeOfData) }
      return answer
    }
  }
}
