public import Buses
public import Configuration
import Quantities

/// Maxim MAX17043 and its successor MAX17048: voltage and state of charge of one lithium cell over
/// I2C.
///
/// Ranges: 0 to 5.12 V in steps of 1.25 mV (MAX17048: 78.125 uV, in the bits below), state of
/// charge in steps of 1/256 %, which may pass 100 % a little. Accuracy: 12.5 mV. The state of
/// charge is the chip's model of the cell, not a sum of currents.
///
/// The chip measures without end: the voltage twice a second, the state of charge at least once in
/// a second. The driver never resets it, for a reset would throw its model's state away; it only
/// wakes a chip that sleeps, which would repeat its last values, and treats one that sleeps again
/// as silent. The two-cell MAX17044 and MAX17049 cannot be told apart and have twice the step.
///
/// Source: Maxim 19-4811 Rev 6 (MAX17043) and 19-6171 Rev 7 (MAX17048). Section and table names are
/// those of 19-4811. Address 0x36.
public struct MAX17043: I2CSensor {
  let address: I2CAddress

  /// A driver for the chip at an address; it has no options.
  public init(options: OptionValues, address: I2CAddress) throws(OptionConflict) {
    self.address = address
  }

  /// None, for the chip measures without end.
  public var conversionTime: Duration { .zero }

  /// Checks the version: 3 for the MAX17043, 0x11 and 0x12 for the MAX17048; other versions below
  /// 0x20 are taken for revisions of the same chips.
  public mutating func identify<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) {
    let version = try bus.word(Register.version, of: address)
    guard (1..<0x20).contains(version) else {
      throw .wrongIdentity(found: "version \(version.hexadecimal)", expected: "0x0001 to 0x001f")
    }
  }

  /// Wakes the chip where it sleeps, and returns how long it then needs for both values.
  public mutating func configure<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) -> Duration {
    let configuration = try bus.word(Register.configuration, of: address)
    guard configuration & Self.sleep != 0 else { return .zero }
    try bus.set(Register.configuration, to: configuration & ~Self.sleep, of: address)
    return .seconds(1)
  }

  /// Starts nothing.
  public mutating func begin<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) -> Duration {
    .zero
  }

  /// Fetches the configuration, the voltage and the state of charge.
  ///
  /// Throws `notReady` while the chip has measured nothing since its supply came, and `wasReset`
  /// where it sleeps although it was woken.
  public mutating func fetch<Bus: I2CBus & ~Copyable>(
    from bus: inout Bus
  ) throws(DriverFailure) -> [[UInt8]] {
    let configuration = try bus.receive(2, after: [Register.configuration], from: address)
    guard configuration.word(at: 0) & Self.sleep == 0 else {
      throw .wasReset("the chip sleeps, configuration is \(configuration.word(at: 0).hexadecimal)")
    }
    let voltage = try bus.receive(2, after: [Register.voltage], from: address)
    guard voltage.word(at: 0) != 0 else { throw .notReady }
    return [
      configuration, voltage, try bus.receive(2, after: [Register.charge], from: address),
    ]
  }

  /// What the registers mean: the voltage in steps of 1.25 mV / 16, of which the MAX17043 has every
  /// sixteenth, and the state of charge in steps of 1/256 % (table 1, VCELL and SOC).
  ///
  /// A voltage of zero means that nothing was measured, the highest that it is beyond the range; a
  /// chip that sleeps has no values.
  ///
  /// Throws `malformed` where the number of bytes is wrong.
  public func decode(_ raw: [[UInt8]]) throws(DriverFailure) -> Measurement {
    try requireLayout(raw)
    let voltage = raw[1].word(at: 0)
    var cause: String?
    if raw[0].word(at: 0) & Self.sleep != 0 {
      cause = "the chip sleeps"
    } else if voltage == 0 {
      cause = "nothing was measured yet"
    }
    var builder = MeasurementBuilder()
    builder.add(
      "voltage", Int128(voltage) * 78_125, .volt,
      fault: cause ?? (voltage >= 0xFFF0 ? "voltage is beyond the range" : nil))
    builder.add(
      "charge-level", (Int128(raw[2].word(at: 0)) * 1_000_000_000).roundedQuotient(by: 256),
      Unit(code: "%EL"), fault: cause)
    return builder.measurement
  }
}

extension MAX17043 {
  /// What the driver is.
  public static let specification = DriverSpecification(
    name: "max17043", revision: 1,
    summary: "Maxim MAX17043, MAX17048: voltage and state of charge of a lithium cell",
    datasheet: "Maxim 19-4811 Rev 6, 19-6171 Rev 7",
    attachment: .i2c(addresses: [0x36].compactMap { I2CAddress($0) }),
    options: [],
    channels: [
      ChannelSpecification(
        "voltage", .volt, resolution: 1_250_000, range: 0...5_120_000_000,
        help: "Voltage of the cell"),
      // The registry's code for the remaining level of a battery in percent.
      ChannelSpecification(
        "charge-level", Unit(code: "%EL"), resolution: 3_906_250, range: 0...256_000_000_000,
        help: "State of charge by the chip's model of the cell"),
    ],
    rawLayout: [
      RawString("register 0x0c, configuration", bytes: 2),
      RawString("register 0x02, cell voltage", bytes: 2),
      RawString("register 0x04, state of charge", bytes: 2),
    ],
    stimuli: [])

  /// Register addresses (table 1); two bytes each, the high one first.
  enum Register {
    static let voltage: UInt8 = 0x02
    static let charge: UInt8 = 0x04
    static let version: UInt8 = 0x08
    static let configuration: UInt8 = 0x0C
  }

  /// The configuration's bit that makes the chip sleep (figure 5).
  static let sleep: UInt16 = 0x0080
}
