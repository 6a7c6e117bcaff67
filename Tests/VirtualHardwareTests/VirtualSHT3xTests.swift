import Buses
import Testing

@testable import VirtualHardware

@Suite struct VirtualSHT3xTests {
  private let clock = ManualClock()

  struct Checksum: Sendable {
    let bytes: [UInt8]
    let expected: UInt8
  }

  struct Duration: Sendable {
    let command: [UInt8]
    let microseconds: Int64
  }

  private func bus(_ celsius: Double = 25, _ percent: Double = 40) throws -> VirtualI2CBus {
    var bus = VirtualI2CBus(now: clock.read)
    bus.attach(
      VirtualSHT3x(
        temperature: Signal(constant: celsius), humidity: Signal(constant: percent),
        serialNumber: 0xBEEF_01A4),
      at: try address(0x44))
    return bus
  }

  @Test(arguments: [
    // Data sheet SHT3x-DIS section 4.12; the others from drivers in the field.
    Checksum(bytes: [0xBE, 0xEF], expected: 0x92), Checksum(bytes: [0x01, 0xA4], expected: 0x4D),
    Checksum(bytes: [0xAB, 0xCD], expected: 0x6F),
  ])
  func `checksums are those of the data sheet`(vector: Checksum) {
    #expect(SensirionWord.checksum(vector.bytes) == vector.expected)
  }

  @Test(arguments: [
    // Data sheet, table of measurement durations, longest.
    Duration(command: [0x24, 0x00], microseconds: 15_000),
    Duration(command: [0x24, 0x0B], microseconds: 6_000),
    Duration(command: [0x24, 0x16], microseconds: 4_000),
  ])
  func `refuses reads until a measurement is done`(vector: Duration) throws {
    let command = vector.command
    var bus = try bus()
    let sensor = try address(0x44)
    #expect(throws: I2CFailure(.noAcknowledgeOfAddress)) { _ = try bus.read(6, from: sensor) }
    try bus.write(command, to: sensor)
    #expect(throws: I2CFailure(.noAcknowledgeOfAddress)) { _ = try bus.read(6, from: sensor) }
    clock.advance(microseconds: vector.microseconds - 1)
    #expect(throws: I2CFailure(.noAcknowledgeOfAddress)) { _ = try bus.read(6, from: sensor) }
    #expect(throws: I2CFailure(.noAcknowledgeOfAddress)) { try bus.write(command, to: sensor) }
    clock.advance(microseconds: 1)
    // 25 °C and 40 %RH are both 0x6666, whose checksum is 0x93.
    #expect(try bus.read(6, from: sensor) == [0x66, 0x66, 0x93, 0x66, 0x66, 0x93])
    #expect(throws: I2CFailure(.noAcknowledgeOfAddress)) { _ = try bus.read(6, from: sensor) }
  }

  @Test func `a measurement and its read in one exchange are too early`() throws {
    var bus = try bus()
    #expect(throws: I2CFailure(.noAcknowledgeOfAddress)) {
      _ = try bus.read(6, after: [0x24, 0x00], from: address(0x44))
    }
  }

  @Test(arguments: [
    (-45.0, 0.0, 0x0000 as UInt16, 0x0000 as UInt16), (130, 100, 0xFFFF, 0xFFFF),
    (-60, -5, 0x0000, 0x0000), (200, 120, 0xFFFF, 0xFFFF), (0, 50, 0x41D4, 0x8000),
  ])
  func `words span the range of the formulas`(
    celsius: Double, percent: Double, first: UInt16, second: UInt16
  ) throws {
    var bus = try bus(celsius, percent)
    try bus.write([0x24, 0x00], to: address(0x44))
    clock.advance(microseconds: 15_000)
    let bytes = try bus.read(6, from: address(0x44))
    #expect(UInt16(bytes[0]) << 8 | UInt16(bytes[1]) == first)
    #expect(UInt16(bytes[3]) << 8 | UInt16(bytes[4]) == second)
  }

  @Test func `measures when the command comes`() throws {
    let ramp = try Recording(name: "r", csv: "t,a\n0,0\n1,100\n2,100\n")
    var bus = VirtualI2CBus(now: clock.read)
    bus.attach(
      VirtualSHT3x(
        temperature: Signal(constant: 25), humidity: try signal("r.a", Playback(of: ramp))),
      at: try address(0x44))
    clock.now = 500_000_000
    try bus.write([0x24, 0x00], to: address(0x44))
    clock.advance(microseconds: 100_000)
    #expect(try bus.read(6, from: address(0x44))[3...4] == [0x80, 0x00])
  }

  @Test func `the status tells of resets, the heater and unknown commands`() throws {
    var bus = try bus()
    let sensor = try address(0x44)
    func status() throws -> [UInt8] { try bus.read(3, after: [0xF3, 0x2D], from: sensor) }
    #expect(try status() == [0x80, 0x10, SensirionWord.checksum([0x80, 0x10])])
    try bus.write([0x30, 0x41], to: sensor)
    // The checksum of two zero bytes is 0x81.
    #expect(try status() == [0x00, 0x00, 0x81])
    try bus.write([0x30, 0x6D], to: sensor)
    #expect(try status().prefix(2) == [0x20, 0x00])
    try bus.write([0x30, 0x41], to: sensor)
    #expect(try status().prefix(2) == [0x20, 0x00])
    try bus.write([0x30, 0x66], to: sensor)
    #expect(try status().prefix(2) == [0x00, 0x00])
    for unknown: [UInt8] in [[0x12, 0x34], [0x24], [0x24, 0x00, 0x00], [0x21, 0x30]] {
      try bus.write(unknown, to: sensor)
      #expect(try status().prefix(2) == [0x00, 0x02])
      #expect(try status().prefix(2) == [0x00, 0x00])
    }
  }

  @Test func `a soft reset takes 1.5 ms and is seen`() throws {
    var bus = try bus()
    let sensor = try address(0x44)
    try bus.write([0x30, 0x41], to: sensor)
    try bus.write([0x30, 0x6D], to: sensor)
    try bus.write([0x30, 0xA2], to: sensor)
    clock.advance(microseconds: 1_499)
    #expect(throws: I2CFailure(.noAcknowledgeOfAddress)) { try bus.write([], to: sensor) }
    clock.advance(microseconds: 1)
    #expect(try bus.read(2, after: [0xF3, 0x2D], from: sensor) == [0x80, 0x10])
  }

  @Test func `a brown-out loses the measurement and is seen`() throws {
    var bus = try bus()
    let sensor = try address(0x44)
    try bus.write([0x30, 0x41], to: sensor)
    try bus.write([0x24, 0x00], to: sensor)
    bus.brownOut(sensor)
    clock.advance(microseconds: 15_000)
    #expect(throws: I2CFailure(.noAcknowledgeOfAddress)) { _ = try bus.read(6, from: sensor) }
    #expect(try bus.read(2, after: [0xF3, 0x2D], from: sensor) == [0x80, 0x10])
  }

  @Test func `sends its serial number`() throws {
    var bus = try bus()
    for command: [UInt8] in [[0x37, 0x80], [0x36, 0x82]] {
      #expect(
        try bus.read(6, after: command, from: address(0x44))
          == [0xBE, 0xEF, 0x92, 0x01, 0xA4, 0x4D])
    }
  }

  @Test func `sends wrong checksums when told to`() throws {
    var bus = try bus()
    let sensor = try address(0x44)
    bus.inject(.corruptsChecksum, into: sensor)
    try bus.write([0x24, 0x00], to: sensor)
    clock.advance(microseconds: 15_000)
    #expect(try bus.read(6, from: sensor) == [0x66, 0x66, 0x6C, 0x66, 0x66, 0x6C])
  }

  @Test func `is never ready when told to`() throws {
    var bus = try bus()
    let sensor = try address(0x44)
    bus.inject(.neverReady, into: sensor)
    try bus.write([0x24, 0x00], to: sensor)
    clock.advance(microseconds: 1_000_000)
    #expect(throws: I2CFailure(.noAcknowledgeOfAddress)) { _ = try bus.read(6, from: sensor) }
    #expect(try bus.read(2, after: [0xF3, 0x2D], from: sensor) == [0x80, 0x10])
  }
}
