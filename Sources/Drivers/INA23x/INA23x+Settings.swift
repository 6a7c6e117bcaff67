import Buses
import Configuration
import Quantities

/// Register addresses (section 7.6.1, table 7-2); the high byte first.
enum INA23xRegister {
  static let configuration: UInt8 = 0x00
  static let sampling: UInt8 = 0x01
  static let calibration: UInt8 = 0x02
  /// Shunt voltage, bus voltage, temperature, current, power, and the INA228's energy and charge.
  static let results: [UInt8] = [0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0A]
  static let diagnosis: UInt8 = 0x0B
  static let maker: UInt8 = 0x3E
  static let device: UInt8 = 0x3F
}

/// Bits of the diagnostic register (section 7.6.1.12).
enum INA23xDiagnosis {
  /// Flags stay until they are read.
  static let latch: UInt16 = 0x8000
  static let energyOverflow: UInt16 = 0x0800
  static let chargeOverflow: UInt16 = 0x0400
  static let overflow: UInt16 = 0x0200
  /// All results are in the registers.
  static let ready: UInt16 = 0x0002
  /// The trim memory's checksum is right.
  static let memory: UInt16 = 0x0001

  static func checkMemory(_ flags: UInt16) throws(DriverFailure) {
    guard flags & memory != 0 else { throw .checksum("the chip's trim memory") }
  }
}

/// The options of an `INA23x` as its registers and its formulas want them.
struct INA23xSettings: Hashable, Sendable {
  let nanoohms: Int128
  /// The configuration register (section 7.6.1.1): with bit 4 the smaller range.
  let configuration: UInt16
  /// The sampling register with the chip at rest (section 7.6.1.2).
  let sampling: UInt16
  /// The longest time of a measurement.
  let conversionTime: Duration

  /// With this the current register counts like the shunt register in either range, for 13107.2 x
  /// 10^6 x 312.5 nV, and 4 times that with 78.125 nV, are 4096, as 819.2 x 10^6 x 5 uV are
  /// (section 8.1.2, equation 2).
  static let calibration: UInt16 = 4096
  /// All three quantities, without end (section 7.6.1.2).
  static let continuous: UInt16 = 0xF000
  /// All three quantities, once (section 7.6.1.2).
  static let triggered: UInt16 = 0x7000

  /// Numbers of samples, by code (section 7.6.1.2).
  static let averages = [1, 4, 16, 64, 128, 256, 512, 1024]
  /// Times of one sample in microseconds, by code (section 7.6.1.2).
  static let times = [50, 84, 150, 280, 540, 1052, 2074, 4120]

  init(_ options: OptionValues) throws(OptionConflict) {
    nanoohms = try options.requiredNano("shunt")
    let range = try options.step(
      "shunt-range", among: ["163.84 mV": 163_840_000, "40.96 mV": 40_960_000])
    configuration = UInt16(range) << 4
    let averaging = try options.code("averaging", among: Self.averages.map { String($0) })
    let time = try options.step(
      "conversion-time", among: Self.times.map { (key: "\($0) us", value: Int128($0) * 1000) })
    sampling = UInt16(time) << 9 | UInt16(time) << 6 | UInt16(time) << 3 | UInt16(averaging)
    // Three quantities; the clock may be 1 % slow (section 6.5), and as much again for margin.
    let nominal = 3 * Self.averages[averaging] * Self.times[time]
    conversionTime = .microseconds((nominal * 102 + 99) / 100)
  }

  /// A step of the shunt register in units of 10^-15 volt (section 7.6.1.5).
  func shuntStep(isWide: Bool) -> Int128 {
    let step: Int128 = isWide ? 312_500_000 : 5_000_000_000
    return configuration == 0 ? step : step / 4
  }

  /// What the driver of the chip with a number is.
  static func specification(_ number: String, isWide: Bool) -> DriverSpecification {
    let bytes = isWide ? 3 : 2
    var channels = [
      ChannelSpecification(
        "voltage", .volt, resolution: isWide ? 195_313 : 3_125_000, range: 0...102_400_000_000,
        help: "Voltage of the bus against ground"),
      ChannelSpecification(
        "shunt-voltage", .volt, resolution: 0, range: -163_840_000...163_840_000,
        help: "Voltage across the shunt"),
      ChannelSpecification(
        "current", .ampere, resolution: 0, help: "Current through the shunt, signed"),
      ChannelSpecification("power", .watt, resolution: 0, help: "Power on the bus, without a sign"),
      ChannelSpecification(
        "temperature", .celsius, resolution: isWide ? 7_812_500 : 125_000_000,
        range: -256_000_000_000...256_000_000_000, help: "Temperature of the chip"),
    ]
    var layout = [
      RawString("register 0x0b, diagnosis", bytes: 2),
      RawString("register 0x04, shunt voltage", bytes: bytes),
      RawString("register 0x05, bus voltage", bytes: bytes),
      RawString("register 0x06, temperature", bytes: 2),
      RawString("register 0x07, current", bytes: bytes),
      RawString("register 0x08, power", bytes: 3),
    ]
    if isWide {
      channels += [
        ChannelSpecification(
          "energy", .joule, resolution: 0, help: "Energy since the chip was set up, unsigned"),
        ChannelSpecification(
          "charge", .coulomb, resolution: 0, help: "Charge since the chip was set up, signed"),
      ]
      layout += [
        RawString("register 0x09, energy", bytes: 5), RawString("register 0x0a, charge", bytes: 5),
      ]
    }
    return DriverSpecification(
      name: "ina" + number, revision: 1,
      summary: "Texas Instruments INA\(number): direct voltage, current"
        + (isWide ? ", power, energy and charge" : " and power"),
      datasheet: "Texas Instruments " + (isWide ? "SLYS021A" : "SBOSA20"),
      attachment: .i2c(addresses: (0x40...0x4F).compactMap { I2CAddress($0) }),
      options: [
        OptionSpecification(
          "shunt", .quantity(.resistance, 10_000...100_000_000_000), .required,
          help: "Resistance of the shunt"),
        OptionSpecification(
          "shunt-range", .quantity(.voltage, 40_960_000...163_840_000), .standard("163.84 mV"),
          help: "Largest voltage across the shunt: 163.84 mV, 40.96 mV"),
        OptionSpecification(
          "averaging", .choice(averages.map { String($0) }), .standard("16"),
          help: "Samples averaged into one measurement"),
        OptionSpecification(
          "conversion-time", .quantity(.duration, 50_000...4_120_000), .standard("1052 us"),
          help: "Time of one sample: \(times.map { "\($0) us" }.joined(separator: ", "))"),
      ],
      channels: channels, rawLayout: layout, stimuli: [])
  }
}
