import Buses
import Testing

@testable import VirtualHardware

@Suite struct VirtualI2CBusTests {
  private let clock = ManualClock()

  private func bus() throws -> VirtualI2CBus {
    var bus = VirtualI2CBus(now: clock.read)
    bus.attach(
      VirtualSHT3x(temperature: Signal(constant: 25), humidity: Signal(constant: 50)),
      at: try address(0x44))
    return bus
  }

  @Test func `nobody answers at an address without a chip`() throws {
    var bus = try bus()
    #expect(bus.addresses == [try address(0x44)])
    #expect(throws: I2CFailure(.noAcknowledgeOfAddress)) { try bus.write([], to: address(0x45)) }
    #expect(throws: I2CFailure(.noAcknowledgeOfAddress)) {
      try bus.write([0xF3, 0x2D], to: address(0x45))
    }
    #expect(throws: I2CFailure(.noAcknowledgeOfAddress)) {
      _ = try bus.read(1, from: address(0x45))
    }
    try bus.write([], to: address(0x44))
  }

  @Test func `a read beyond the end of an answer sees the idle line`() throws {
    var bus = try bus()
    let bytes = try bus.read(5, after: [0xF3, 0x2D], from: address(0x44))
    #expect(bytes[3...] == [0xFF, 0xFF])
  }

  @Test func `faults are injected and taken away`() throws {
    var bus = try bus()
    let sensor = try address(0x44)
    try bus.write([0x30, 0x41], to: sensor)
    bus.inject(.refusesAddress, into: sensor)
    #expect(throws: I2CFailure(.noAcknowledgeOfAddress)) { try bus.write([], to: sensor) }
    bus.inject(.refusesData, into: sensor)
    try bus.write([], to: sensor)
    #expect(throws: I2CFailure(.noAcknowledgeOfData)) { try bus.write([0x30, 0x41], to: sensor) }
    bus.inject(nil, into: sensor)
    // The registers stayed: no reset is seen.
    #expect(try bus.read(2, after: [0xF3, 0x2D], from: sensor) == [0x00, 0x00])
    bus.inject(.unpowered, into: sensor)
    #expect(throws: I2CFailure(.noAcknowledgeOfAddress)) { try bus.write([], to: sensor) }
    bus.inject(nil, into: sensor)
    clock.advance(microseconds: 1000)
    #expect(try bus.read(2, after: [0xF3, 0x2D], from: sensor) == [0x80, 0x10])
  }

  @Test func `a scheduled loss of supply is seen even when nobody looked`() throws {
    var bus = try bus()
    let sensor = try address(0x44)
    try bus.write([0x30, 0x41], to: sensor)
    bus.schedule(ScheduledFault(.unpowered, of: sensor, during: 1_000_000..<2_000_000))
    bus.schedule(ScheduledFault(.refusesAddress, of: sensor, during: 9_000_000..<9_500_000))
    #expect(try bus.read(2, after: [0xF3, 0x2D], from: sensor) == [0x00, 0x00])
    clock.now = 1_500_000
    #expect(throws: I2CFailure(.noAcknowledgeOfAddress)) { try bus.write([], to: sensor) }
    clock.now = 3_000_000
    #expect(try bus.read(2, after: [0xF3, 0x2D], from: sensor) == [0x80, 0x10])
    try bus.write([0x30, 0x41], to: sensor)
    clock.now = 9_200_000
    #expect(throws: I2CFailure(.noAcknowledgeOfAddress)) { try bus.write([], to: sensor) }
    clock.now = 9_500_000
    #expect(try bus.read(2, after: [0xF3, 0x2D], from: sensor) == [0x00, 0x00])
    bus.schedule(ScheduledFault(.unpowered, of: sensor, during: 10_000_000..<11_000_000))
    clock.now = 20_000_000
    #expect(try bus.read(2, after: [0xF3, 0x2D], from: sensor) == [0x80, 0x10])
  }

  @Test func `a paced bus takes the time of its bytes at 100 kHz`() throws {
    var bus = VirtualI2CBus(now: clock.read, pace: clock.wait)
    bus.attach(
      VirtualSHT3x(temperature: Signal(constant: 25), humidity: Signal(constant: 50)),
      at: try address(0x44))
    // Address, two bytes, address again, three bytes; nine clocks of 10 us each.
    _ = try bus.read(3, after: [0xF3, 0x2D], from: address(0x44))
    #expect(clock.now == 7 * 90_000)
    try bus.write([], to: address(0x44))
    #expect(clock.now == 8 * 90_000)
  }

  @Test func `a part does not answer while its recording has no value`() throws {
    let series = try Recording(name: "r", csv: "t,a\n0,20\n1,\n2,22\n3,23\n")
    let temperature = try signal("r.a", Playback(of: series))
    var bus = VirtualI2CBus(now: clock.read)
    let parts: [(Int, any VirtualChip)] = [
      (0x44, VirtualSHT3x(temperature: temperature, humidity: Signal(constant: 50))),
      (
        0x76,
        try #require(
          VirtualBME280(
            temperature: temperature, humidity: Signal(constant: 50),
            pressure: Signal(constant: 100_000)))
      ),
      (
        0x40,
        try #require(
          VirtualINA226(voltage: temperature, current: Signal(constant: 1), shuntOhm: 0.01))
      ),
    ]
    for (number, chip) in parts {
      bus.attach(chip, at: try address(number))
      clock.now = 0
      try bus.write([], to: address(number))
      clock.now = 1_000_000_000
      #expect(throws: I2CFailure(.noAcknowledgeOfAddress)) {
        try bus.write([], to: address(number))
      }
      clock.now = 2_000_000_000
      try bus.write([], to: address(number))
    }
  }
}
