import Buses
import Testing

@testable import VirtualHardware

/// The formulas of the data sheet (BST-BME280-DS002 section 8.1), restated with the calibration
/// of the sample chip written out.
private enum DataSheet {
  static func temperature(_ adc: Double) -> (celsius: Double, fine: Double) {
    let var1 = (adc / 16384.0 - 28_176.0 / 1024.0) * 26_220.0
    let var2 =
      ((adc / 131_072.0 - 28_176.0 / 8192.0) * (adc / 131_072.0 - 28_176.0 / 8192.0)) * 50.0
    return ((var1 + var2) / 5120.0, (var1 + var2).rounded(.towardZero))
  }

  static func pressure(_ adc: Double, _ fine: Double) -> Double {
    let (p1, p2, p3, p4, p5) = (38_237.0, -10_824.0, 3024.0, 7799.0, -99.0)
    let (p6, p7, p8, p9) = (-7.0, 9900.0, -10_230.0, 4285.0)
    var var1 = fine / 2.0 - 64_000.0
    var var2 = var1 * var1 * p6 / 32_768.0
    var2 = var2 + var1 * p5 * 2.0
    var2 = var2 / 4.0 + p4 * 65_536.0
    var1 = (p3 * var1 * var1 / 524_288.0 + p2 * var1) / 524_288.0
    var1 = (1.0 + var1 / 32_768.0) * p1
    var p = 1_048_576.0 - adc
    p = (p - var2 / 4096.0) * 6250.0 / var1
    var1 = p9 * p * p / 2_147_483_648.0
    var2 = p * p8 / 32_768.0
    return p + (var1 + var2 + p7) / 16.0
  }

  static func humidity(_ adc: Double, _ fine: Double) -> Double {
    let (h1, h2, h3, h4, h5, h6) = (75.0, 366.0, 0.0, 309.0, 0.0, 30.0)
    var h = fine - 76_800.0
    h =
      (adc - (h4 * 64.0 + h5 / 16_384.0 * h))
      * (h2 / 65_536.0 * (1.0 + h6 / 67_108_864.0 * h * (1.0 + h3 / 67_108_864.0 * h)))
    return min(max(h * (1.0 - h1 * h / 524_288.0), 0), 100)
  }

  static func values(_ data: [UInt8]) -> (celsius: Double, pascal: Double, percent: Double) {
    func code(_ at: Int) -> Double {
      Double(Int(data[at]) << 12 | Int(data[at + 1]) << 4 | Int(data[at + 2]) >> 4)
    }
    let (celsius, fine) = temperature(code(3))
    return (
      celsius, pressure(code(0), fine), humidity(Double(Int(data[6]) << 8 | Int(data[7])), fine)
    )
  }
}

@Suite struct VirtualBME280Tests {
  private let clock = ManualClock(5_000_000_000)

  private func bus(_ celsius: Double, _ percent: Double, _ pascal: Double) throws -> VirtualI2CBus {
    try bus(Signal(constant: celsius), Signal(constant: percent), Signal(constant: pascal))
  }

  private func bus(_ celsius: Signal, _ percent: Signal, _ pascal: Signal) throws -> VirtualI2CBus {
    var bus = VirtualI2CBus(now: clock.read)
    let chip = VirtualBME280(temperature: celsius, humidity: percent, pressure: pascal)
    bus.attach(try #require(chip), at: try address(0x76))
    return bus
  }

  private func read(_ bus: inout VirtualI2CBus, _ register: UInt8, _ count: Int = 1) throws
    -> [UInt8]
  {
    try bus.read(count, after: [register], from: address(0x76))
  }

  private static let empty: [UInt8] = [0x80, 0x00, 0x00, 0x80, 0x00, 0x00, 0x80, 0x00]

  @Test func `shows the registers of a chip that was powered`() throws {
    var bus = try bus(20, 50, 100_000)
    #expect(try read(&bus, 0xD0) == [0x60])
    #expect(try read(&bus, 0xE0) == [0x00])
    #expect(try read(&bus, 0xF2, 4) == [0x00, 0x00, 0x00, 0x00])
    #expect(try read(&bus, 0xF7, 8) == Self.empty)
    let first: [UInt8] = [
      0x10, 0x6E, 0x6C, 0x66, 0x32, 0x00, 0x5D, 0x95, 0xB8, 0xD5, 0xD0, 0x0B, 0x77, 0x1E, 0x9D,
      0xFF, 0xF9, 0xFF, 0xAC, 0x26, 0x0A, 0xD8, 0xBD, 0x10, 0x00, 0x4B,
    ]
    #expect(try read(&bus, 0x88, 26) == first)
    #expect(try read(&bus, 0xE1, 7) == [0x6E, 0x01, 0x00, 0x13, 0x05, 0x00, 0x1E])
  }

  @Test func `stores the codes of a recorded measurement`() throws {
    // A measurement of the chip with this calibration, and its values by the formulas.
    let data: [UInt8] = [0x4A, 0x52, 0xC0, 0x80, 0x96, 0xC0, 0x7A, 0x76]
    let values = DataSheet.values(data)
    #expect(abs(values.celsius - 23.7221) < 5e-5)
    // The number was made without cutting the fine temperature to a whole one.
    #expect(abs(values.pascal - 100_942.966) < 5e-3)
    #expect(abs(values.percent - 65.3061) < 5e-5)
    var bus = try bus(values.celsius, values.percent, values.pascal)
    try bus.write([0xF2, 0x05, 0xF4, 0xB5], to: address(0x76))
    clock.advance(microseconds: 200_000)
    #expect(try read(&bus, 0xF7, 8) == data)
  }

  @Test func `a forced measurement takes its time and returns to sleep`() throws {
    var bus = try bus(21.5, 40, 98_765)
    // All three once: 1.25 + 2.3 + (2.3 + 0.575) + (2.3 + 0.575) = 9.3 ms at most.
    try bus.write([0xF2, 0x01], to: address(0x76))
    try bus.write([0xF4, 0x25], to: address(0x76))
    #expect(try read(&bus, 0xF3, 2) == [0x08, 0x25])
    clock.advance(microseconds: 9_299)
    #expect(try read(&bus, 0xF3) == [0x08])
    #expect(try read(&bus, 0xF7, 8) == Self.empty)
    clock.advance(microseconds: 1)
    #expect(try read(&bus, 0xF3, 2) == [0x00, 0x24])
    let data = try read(&bus, 0xF7, 8)
    let values = DataSheet.values(data)
    // 16 bits: 0.005 °C and 2.6 Pa a step.
    #expect(abs(values.celsius - 21.5) < 0.0026)
    #expect(abs(values.pascal - 98_765) < 1.5)
    #expect(abs(values.percent - 40) < 0.005)
    #expect(data[2] == 0 && data[5] == 0)
    // In sleep the old data stay.
    clock.advance(microseconds: 60_000_000)
    #expect(try read(&bus, 0xF7, 8) == data)
  }

  @Test func `the longest measurement takes 112.8 ms`() throws {
    var bus = try bus(21.5, 40, 98_765)
    try bus.write([0xF2, 0x05, 0xF4, 0xB5], to: address(0x76))
    clock.advance(microseconds: 112_799)
    #expect(try read(&bus, 0xF3) == [0x08])
    clock.advance(microseconds: 1)
    #expect(try read(&bus, 0xF3) == [0x00])
  }

  @Test func `humidity oversampling waits for the next write of ctrl_meas`() throws {
    var bus = try bus(21.5, 40, 98_765)
    try bus.write([0xF4, 0x25, 0xF2, 0x01], to: address(0x76))
    clock.advance(microseconds: 9_300)
    let skipped = try read(&bus, 0xF7, 8)
    #expect(Array(skipped[6...]) == [0x80, 0x00])
    #expect(try read(&bus, 0xF2) == [0x01])
    try bus.write([0xF4, 0x25], to: address(0x76))
    clock.advance(microseconds: 9_300)
    let data = try read(&bus, 0xF7, 8)
    #expect(abs(DataSheet.values(data).percent - 40) < 0.005)
  }

  @Test func `what is skipped reads as its empty code`() throws {
    var bus = try bus(21.5, 40, 98_765)
    try bus.write([0xF2, 0x01, 0xF4, 0x21], to: address(0x76))
    clock.advance(microseconds: 9_300)
    let data = try read(&bus, 0xF7, 8)
    #expect(Array(data[0..<3]) == [0x80, 0x00, 0x00])
    #expect(Array(data[3..<6]) != [0x80, 0x00, 0x00])
    #expect(Array(data[6...]) != [0x80, 0x00])
  }

  @Test func `a change of mode waits for the end of the measurement`() throws {
    var bus = try bus(21.5, 40, 98_765)
    try bus.write([0xF2, 0x01, 0xF4, 0x25], to: address(0x76))
    clock.advance(microseconds: 5_000)
    try bus.write([0xF4, 0x24], to: address(0x76))
    // Ignored while the change waits.
    try bus.write([0xF2, 0x05, 0xF4, 0x27], to: address(0x76))
    #expect(try read(&bus, 0xF2, 3) == [0x01, 0x08, 0x25])
    clock.advance(microseconds: 4_300)
    #expect(try read(&bus, 0xF2, 3) == [0x01, 0x00, 0x24])
  }

  @Test func `a reset brings power-on values and copies the memory for 2 ms`() throws {
    var bus = try bus(21.5, 40, 98_765)
    try bus.write([0xF5, 0x10, 0xF2, 0x01, 0xF4, 0x25], to: address(0x76))
    clock.advance(microseconds: 20_000)
    #expect(try read(&bus, 0xF2, 4) == [0x01, 0x00, 0x24, 0x10])
    // Only the one value resets.
    try bus.write([0xE0, 0xB5], to: address(0x76))
    #expect(try read(&bus, 0xF2, 4) == [0x01, 0x00, 0x24, 0x10])
    try bus.write([0xE0, 0xB6], to: address(0x76))
    #expect(try read(&bus, 0xF2, 4) == [0x00, 0x01, 0x00, 0x00])
    #expect(try read(&bus, 0xF7, 8) == Self.empty)
    #expect(try read(&bus, 0xD0) == [0x60])
    #expect(try read(&bus, 0x88, 2) == [0x00, 0x00])
    try bus.write([0xF4, 0x25], to: address(0x76))
    clock.advance(microseconds: 1_999)
    #expect(try read(&bus, 0xF3) == [0x01])
    clock.advance(microseconds: 1)
    #expect(try read(&bus, 0xF3, 2) == [0x00, 0x00])
    #expect(try read(&bus, 0x88, 2) == [0x10, 0x6E])
  }

  @Test func `a brown-out loses the settings`() throws {
    var bus = try bus(21.5, 40, 98_765)
    try bus.write([0xF2, 0x01, 0xF4, 0x25], to: address(0x76))
    clock.advance(microseconds: 20_000)
    bus.brownOut(try address(0x76))
    #expect(try read(&bus, 0xF2, 3) == [0x00, 0x01, 0x00])
    #expect(try read(&bus, 0xF7, 8) == Self.empty)
  }

  @Test func `a measurement that never ends keeps its bit`() throws {
    var bus = try bus(21.5, 40, 98_765)
    bus.inject(.neverReady, into: try address(0x76))
    try bus.write([0xF2, 0x01, 0xF4, 0x25], to: address(0x76))
    clock.advance(microseconds: 10_000_000)
    #expect(try read(&bus, 0xF3, 2) == [0x08, 0x25])
    #expect(try read(&bus, 0xF7, 8) == Self.empty)
    bus.inject(nil, into: try address(0x76))
    #expect(try read(&bus, 0xF3) == [0x00])
  }

  @Test func `normal mode measures again and again`() throws {
    let ramp = try Recording(name: "r", csv: "t,a\n0,0\n10,10\n20,20\n")
    var bus = try bus(
      signal("r.a", Playback(of: ramp), origin: clock.now), Signal(constant: 40),
      Signal(constant: 98_765))
    // Temperature x16 only: 38.05 ms; standby 1000 ms.
    try bus.write([0xF5, 0xA0, 0xF4, 0xA3], to: address(0x76))
    #expect(try read(&bus, 0xF3, 2) == [0x08, 0xA3])
    clock.advance(microseconds: 38_050)
    #expect(try read(&bus, 0xF3, 2) == [0x00, 0xA3])
    // Settings of the interface are not taken in this mode.
    try bus.write([0xF5, 0x00], to: address(0x76))
    #expect(try read(&bus, 0xF5) == [0xA0])
    clock.advance(microseconds: 1_000_000)
    #expect(try read(&bus, 0xF3) == [0x08])
    clock.advance(microseconds: 38_050)
    let data = try read(&bus, 0xF7, 8)
    #expect(abs(DataSheet.values(data).celsius - 1.03805) < 0.0003)
    try bus.write([0xF4, 0xA0], to: address(0x76))
    clock.advance(microseconds: 5_000_000)
    #expect(try read(&bus, 0xF7, 8) == data)
  }

  @Test func `the filter follows a step by its coefficient`() throws {
    let step = try Recording(name: "r", csv: "t,a\n0,20\n1,30\n2,30\n3,30\n")
    var bus = try bus(
      signal("r.a", Playback(of: step, interpolation: .stepwise), origin: clock.now),
      Signal(constant: 40), Signal(constant: 98_765))
    // Coefficient 4, temperature and pressure x1.
    try bus.write([0xF5, 0x08], to: address(0x76))
    var values: [Double] = []
    for _ in 0..<3 {
      try bus.write([0xF4, 0x25], to: address(0x76))
      clock.advance(microseconds: 1_000_000)
      values.append(DataSheet.values(try read(&bus, 0xF7, 8)).celsius)
    }
    #expect(abs(values[0] - 20) < 0.001)
    #expect(abs(values[1] - 22.5) < 0.001)
    #expect(abs(values[2] - 24.375) < 0.001)
  }

  @Test func `codes compensate to the stimulus over the whole range`() throws {
    for celsius in stride(from: -40.0, through: 85, by: 12.5) {
      for pascal in stride(from: 30_000.0, through: 110_000, by: 16_000) {
        for percent in stride(from: 0.0, through: 100, by: 20) {
          var bus = try bus(celsius, percent, pascal)
          try bus.write([0xF2, 0x05, 0xF4, 0xB5], to: address(0x76))
          clock.advance(microseconds: 112_800)
          let values = DataSheet.values(try read(&bus, 0xF7, 8))
          // Half a step of 20 bits each (0.00032 °C, 0.17 Pa) and of 16 bits of humidity.
          #expect(abs(values.celsius - celsius) < 0.0003)
          #expect(abs(values.pascal - pascal) < 0.2)
          #expect(abs(values.percent - percent) < 0.006)
        }
      }
    }
  }

  @Test func `takes only a whole calibration`() {
    let constant = Signal(constant: 1)
    #expect(
      VirtualBME280(
        temperature: constant, humidity: constant, pressure: constant,
        calibration: Array(VirtualBME280.sampleCalibration.dropLast())) == nil)
  }
}
