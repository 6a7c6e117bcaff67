import Buses
import Testing

@testable import VirtualHardware

@Suite struct VirtualINA226Tests {
  private let clock = ManualClock()

  private func bus(_ volt: Signal, _ ampere: Signal, shuntOhm: Double) throws -> VirtualI2CBus {
    var bus = VirtualI2CBus(now: clock.read)
    let chip = VirtualINA226(voltage: volt, current: ampere, shuntOhm: shuntOhm)
    bus.attach(try #require(chip), at: try address(0x40))
    return bus
  }

  private func bus(_ volt: Double, _ ampere: Double, shuntOhm: Double) throws -> VirtualI2CBus {
    try bus(Signal(constant: volt), Signal(constant: ampere), shuntOhm: shuntOhm)
  }

  private func read(_ bus: inout VirtualI2CBus, _ register: UInt8) throws -> Int {
    let bytes = try bus.read(2, after: [register], from: address(0x40))
    return Int(bytes[0]) << 8 | Int(bytes[1])
  }

  private func write(_ bus: inout VirtualI2CBus, _ register: UInt8, _ value: Int) throws {
    try bus.write([register, UInt8(value >> 8), UInt8(value & 0xFF)], to: address(0x40))
  }

  @Test func `shows the registers of a chip at power-on`() throws {
    // SBOS547, table of registers.
    var bus = try bus(11.98, 10, shuntOhm: 0.002)
    let expected = [
      (0x00, 0x4127), (0x01, 0), (0x02, 0), (0x03, 0), (0x04, 0), (0x05, 0), (0x06, 0), (0x07, 0),
      (0xFE, 0x5449), (0xFF, 0x2260),
    ]
    for (register, value) in expected {
      #expect(try read(&bus, UInt8(register)) == value)
    }
  }

  @Test func `measures the example of the data sheet`() throws {
    // SBOS547, example of the calculations: 10 A through 2 mohm at 11.98 V, 1 mA a step.
    var bus = try bus(11.98, 10, shuntOhm: 0.002)
    try write(&bus, 0x05, 0x0A00)
    // One sample each of 1.1 ms, 1.21 ms at most, triggered.
    try write(&bus, 0x00, 0x4123)
    clock.advance(microseconds: 2_419)
    #expect(try read(&bus, 0x06) == 0x0000)
    #expect(try read(&bus, 0x04) == 0x0000)
    clock.advance(microseconds: 1)
    #expect(try read(&bus, 0x06) == 0x0008)
    // Reading clears the flag, and no new conversion sets it.
    #expect(try read(&bus, 0x06) == 0x0000)
    clock.advance(microseconds: 100_000)
    #expect(try read(&bus, 0x06) == 0x0000)
    #expect(try read(&bus, 0x01) == 0x1F40)
    #expect(try read(&bus, 0x02) == 0x2570)
    #expect(try read(&bus, 0x04) == 0x2710)
    #expect(try read(&bus, 0x03) == 0x12B8)
    // The mode stays; only a write triggers.
    #expect(try read(&bus, 0x00) == 0x4123)
  }

  @Test func `goes on from the register that was named last`() throws {
    var bus = try bus(11.98, 10, shuntOhm: 0.002)
    try bus.write([0xFE], to: address(0x40))
    #expect(try bus.read(2, from: address(0x40)) == [0x54, 0x49])
    #expect(try bus.read(2, from: address(0x40)) == [0x54, 0x49])
  }

  @Test(arguments: [
    // Averages, bus and shunt conversion times; the longest times of SBOS547 section 6.5, in us.
    (0x4003, 154 + 154), (0x4001, 154), (0x4002, 154), (0x4043 | 0x08, 224 + 224),
    (0x4003 | 2 << 6 | 2 << 3, 365 * 2), (0x4003 | 3 << 6 | 3 << 3, 646 * 2),
    (0x4003 | 5 << 6 | 5 << 3, 2328 * 2), (0x4003 | 6 << 6 | 6 << 3, 4572 * 2),
    (0x4003 | 7 << 6 | 7 << 3, 9068 * 2), (0x4003 | 1 << 9, 4 * 308), (0x4003 | 2 << 9, 16 * 308),
    (0x4003 | 3 << 9, 64 * 308), (0x4003 | 4 << 9, 128 * 308), (0x4003 | 5 << 9, 256 * 308),
    (0x4003 | 6 << 9, 512 * 308), (0x4FFB, 1024 * (9068 + 9068)),
  ])
  func `a conversion takes the time of its settings`(configuration: Int, microseconds: Int) throws {
    var bus = try bus(11.98, 10, shuntOhm: 0.002)
    try write(&bus, 0x00, configuration)
    clock.advance(microseconds: Int64(microseconds) - 1)
    #expect(try read(&bus, 0x06) == 0)
    clock.advance(microseconds: 1)
    #expect(try read(&bus, 0x06) == 0x0008)
  }

  @Test func `goes on in continuous mode and shows the mean`() throws {
    // A sine that a whole conversion averages away: 16 samples of 2.42 ms.
    var bus = try bus(
      signal("sine(12, 2, 38.72 ms)"), signal("sine(-5, 2, 38.72 ms)"), shuntOhm: 0.01)
    try write(&bus, 0x05, 0x0200)
    try write(&bus, 0x00, 0x4527)
    clock.advance(microseconds: 38_720)
    #expect(try read(&bus, 0x06) == 0x0008)
    #expect(try read(&bus, 0x02) == 9600)
    // -50 mV / 2.5 uV = -20000, current -20000 * 512 / 2048 = -5000, power 5000 * 9600 / 20000.
    #expect(try read(&bus, 0x01) == 0x10000 - 20_000)
    #expect(try read(&bus, 0x04) == 0x10000 - 5000)
    #expect(try read(&bus, 0x03) == 2400)
    clock.advance(microseconds: 38_720)
    #expect(try read(&bus, 0x06) == 0x0008)
    clock.advance(microseconds: 3_872_000)
    #expect(try read(&bus, 0x06) == 0x0008)
    #expect(try read(&bus, 0x06) == 0x0000)
  }

  @Test func `writing the configuration clears the flag unless it powers down`() throws {
    var bus = try bus(11.98, 10, shuntOhm: 0.002)
    try write(&bus, 0x00, 0x4123)
    clock.advance(microseconds: 2_420)
    try write(&bus, 0x00, 0x4120)
    #expect(try read(&bus, 0x06) == 0x0008)
    try write(&bus, 0x00, 0x4123)
    clock.advance(microseconds: 2_420)
    try write(&bus, 0x00, 0x4123)
    #expect(try read(&bus, 0x06) == 0x0000)
    try write(&bus, 0x00, 0x4124)
    clock.advance(microseconds: 1_000_000)
    #expect(try read(&bus, 0x06) == 0x0000)
    #expect(try read(&bus, 0x01) == 0x1F40)
  }

  @Test func `codes end at the ends of their registers`() throws {
    for (volt, ampere, shunt, bus) in [
      (40.0, 10.0, 0x7FFF, 32_000), (50, -10, 0x8000, 0x7FFF), (-1, 0, 0, 0),
    ] {
      var wire = try self.bus(volt, ampere, shuntOhm: 0.1)
      try write(&wire, 0x00, 0x4123)
      clock.advance(microseconds: 2_420)
      #expect(try read(&wire, 0x01) == shunt)
      #expect(try read(&wire, 0x02) == bus)
      // Without calibration there is neither current nor power.
      #expect(try read(&wire, 0x03) == 0)
      #expect(try read(&wire, 0x04) == 0)
    }
  }

  @Test func `a calibration that is too high overflows and says so`() throws {
    var bus = try bus(12, 0.5, shuntOhm: 0.1)
    try write(&bus, 0x05, 0x7FFF)
    try write(&bus, 0x00, 0x4123)
    clock.advance(microseconds: 2_420)
    #expect(try read(&bus, 0x06) == 0x000C)
    try write(&bus, 0x05, 0x0800)
    try write(&bus, 0x00, 0x4123)
    clock.advance(microseconds: 2_420)
    #expect(try read(&bus, 0x06) == 0x0008)
    #expect(try read(&bus, 0x04) == 20_000)
  }

  @Test func `measures one quantity alone`() throws {
    var bus = try bus(12, 1, shuntOhm: 0.01)
    try write(&bus, 0x05, 0x0800)
    try write(&bus, 0x00, 0x4121)
    clock.advance(microseconds: 1_210)
    #expect(try read(&bus, 0x01) == 4000)
    #expect(try read(&bus, 0x04) == 4000)
    #expect(try read(&bus, 0x02) == 0)
    #expect(try read(&bus, 0x03) == 0)
    try write(&bus, 0x00, 0x4122)
    clock.advance(microseconds: 1_210)
    #expect(try read(&bus, 0x02) == 9600)
    #expect(try read(&bus, 0x03) == 1920)
  }

  @Test func `a reset and a brown-out lose settings and results`() throws {
    var bus = try bus(12, 1, shuntOhm: 0.01)
    for loses in [false, true] {
      try write(&bus, 0x05, 0x8800)
      #expect(try read(&bus, 0x05) == 0x0800)
      try write(&bus, 0x06, 0xFFFF)
      try write(&bus, 0x07, 0x1234)
      #expect(try read(&bus, 0x07) == 0x1234)
      try write(&bus, 0x00, 0x0123)
      #expect(try read(&bus, 0x00) == 0x4123)
      clock.advance(microseconds: 2_420)
      #expect(try read(&bus, 0x06) == 0xFC0B)
      #expect(try read(&bus, 0x04) == 4000)
      if loses { bus.brownOut(try address(0x40)) } else { try write(&bus, 0x00, 0x8000) }
      for register: UInt8 in 1...7 { #expect(try read(&bus, register) == 0) }
      #expect(try read(&bus, 0x00) == 0x4127)
    }
  }

  @Test func `registers that are read-only or unknown take nothing`() throws {
    var bus = try bus(12, 1, shuntOhm: 0.01)
    try write(&bus, 0x00, 0x4120)
    for register: UInt8 in [0x01, 0x02, 0x03, 0x04, 0x08, 0xFE, 0xFF] {
      let before = try read(&bus, register)
      try write(&bus, register, 0x1234)
      #expect(try read(&bus, register) == before)
    }
    // A write that ends in the middle of a register changes nothing.
    try bus.write([0x07, 0x55], to: address(0x40))
    #expect(try read(&bus, 0x07) == 0)
  }

  @Test func `is never ready when told to`() throws {
    var bus = try bus(12, 1, shuntOhm: 0.01)
    bus.inject(.neverReady, into: try address(0x40))
    try write(&bus, 0x00, 0x4123)
    clock.advance(microseconds: 1_000_000)
    #expect(try read(&bus, 0x06) == 0)
    #expect(try read(&bus, 0x01) == 0)
  }

  @Test func `has no result where a signal was missing in the conversion`() throws {
    let series = try Recording(name: "r", csv: "t,a\n0,1\n1,\n2,3\n3,4\n")
    var bus = try bus(
      signal("r.a", Playback(of: series)), Signal(constant: 1), shuntOhm: 0.01)
    // 1024 samples of 2.42 ms: 2.478 s, the missing second within.
    try write(&bus, 0x00, 0x4F23)
    clock.now = 2_600_000_000
    #expect(try read(&bus, 0x06) == 0)
    #expect(try read(&bus, 0x02) == 0)
  }

  @Test func `needs a shunt with a resistance`() {
    let one = Signal(constant: 1)
    for ohm in [0, -0.1, .infinity, .nan] {
      #expect(VirtualINA226(voltage: one, current: one, shuntOhm: ohm) == nil)
    }
  }
}
