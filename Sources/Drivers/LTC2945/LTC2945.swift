public import Buses
public import Configuration
import Quantities

/// Linear Technology LTC2945: direct voltage, current and power over I2C.
///
/// Ranges: 0 to 80 V in steps of 25 mV, 0 to 102.4 mV across the shunt in steps of 25 uV, one
/// direction of current. Accuracy: 0.75 % of full scale; the shunt's own tolerance comes on top.
///
/// The chip measures without end, as it does after its supply came, and multiplies voltage and
/// current by itself; a loss of the supply therefore loses no setting. The control register is
/// read with every measurement all the same, for in another mode the registers mean something
/// else. Which pin the voltage is of, the driver leaves as it found it.
///
/// The chip has no identity register; the zeros below its results of 12 bits stand for it.
/// Addresses 0x67 to 0x6F by the wiring of ADR1 and ADR0.
///
/// Source: Linear Technology LTC2945 data sheet, LT 0513 Rev B. Table numbers are that document's.
public struct LTC2945: I2CSensor {
  let address: I2CAddress
  let nanoohms: Int128

  /// A driver for the chip at an address, with its shunt.
  public init(options: OptionValues, address: I2CAddress) throws(OptionConflict) {
    self.address = address
    nanoohms = try options.requiredNano("shunt")
  }

  /// None, for the chip measures without end.
  public var conversionTime: Duration { .zero }

  /// Checks that the lowest four bits of both voltages are zero, and that the upper threshold of
  /// the auxiliary input, which the driver never writes, is above the lower.
  public mutating func identify<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) {
    for register in [Register.sense, Register.voltage] {
      let word = try bus.word(register, of: address)
      guard word & 0x000F == 0 else {
        throw .wrongIdentity(
          found: "\(word.hexadecimal) in register \(register.hexadecimal)",
          expected: "12 bits and four zeros")
      }
    }
    let highest = try bus.word(Register.highest, of: address)
    let lowest = try bus.word(Register.lowest, of: address)
    guard highest > lowest else {
      throw .wrongIdentity(
        found: "thresholds \(lowest.hexadecimal) and \(highest.hexadecimal)",
        expected: "a lower and a higher one")
    }
  }

  /// Makes the chip measure without end and multiply current by voltage (table 2).
  ///
  /// Returns how long it needs for all three quantities.
  public mutating func configure<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) -> Duration {
    let control = try bus.byte(Register.control, of: address)
    guard control & Control.mask != Control.continuous else { return .zero }
    try bus.set(
      Register.control, to: control & ~Control.mask | Control.continuous, of: address)
    return .milliseconds(200)
  }

  /// Starts nothing.
  public mutating func begin<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) -> Duration {
    .zero
  }

  /// Fetches the control register, power, the voltage across the shunt and the voltage.
  ///
  /// Throws `wasReset` where the mode is not the one that was set.
  public mutating func fetch<Bus: I2CBus & ~Copyable>(
    from bus: inout Bus
  ) throws(DriverFailure) -> [[UInt8]] {
    let control = try bus.receive(1, after: [Register.control], from: address)
    guard control[0] & Control.mask == Control.continuous else {
      throw .wasReset("control register is \(control[0].hexadecimal)")
    }
    return [
      control, try bus.receive(3, after: [Register.power], from: address),
      try bus.receive(2, after: [Register.sense], from: address),
      try bus.receive(2, after: [Register.voltage], from: address),
    ]
  }

  /// What the registers mean: 25 mV and 25 uV a step of the upper 12 bits, power the product of
  /// both over the shunt; current and power rounded to billionths, halves away from zero.
  ///
  /// A register at the end of its range has no value, for the voltage may be anything beyond, and
  /// neither has what is computed from it.
  ///
  /// Throws `malformed` where the number of bytes is wrong, where one of the lower four bits is
  /// not zero, or where the mode is another.
  public func decode(_ raw: [[UInt8]]) throws(DriverFailure) -> Measurement {
    try requireLayout(raw)
    guard raw[0][0] & Control.mask == Control.continuous else {
      throw .malformed("control register \(raw[0][0].hexadecimal) is of another mode")
    }
    let sense = raw[2].word(at: 0)
    let voltage = raw[3].word(at: 0)
    guard sense & 0x000F == 0, voltage & 0x000F == 0 else {
      throw .malformed("more than 12 bits: \(sense.hexadecimal), \(voltage.hexadecimal)")
    }
    let beyondSense = sense == 0xFFF0 ? "shunt voltage is beyond the range" : nil
    let beyondVoltage = voltage == 0xFFF0 ? "voltage is beyond the range" : nil
    var builder = MeasurementBuilder()
    builder.add("voltage", Int128(voltage >> 4) * 25_000_000, .volt, fault: beyondVoltage)
    builder.add("shunt-voltage", Int128(sense >> 4) * 25_000, .volt, fault: beyondSense)
    // 25 uV over 1 nano-ohm is 25000 A; 25 mV of that 625 W.
    builder.add(
      "current", (Int128(sense >> 4) * 25_000_000_000_000).roundedQuotient(by: nanoohms), .ampere,
      fault: beyondSense)
    builder.add(
      "power", (Int128(raw[1].number) * 625_000_000_000).roundedQuotient(by: nanoohms), .watt,
      fault: beyondSense ?? beyondVoltage)
    return builder.measurement
  }
}

extension LTC2945 {
  /// What the driver is.
  public static let specification = DriverSpecification(
    name: "ltc2945", revision: 1,
    summary: "Linear Technology LTC2945: direct voltage, current and power",
    datasheet: "Linear Technology LTC2945, LT 0513 Rev B",
    attachment: .i2c(addresses: (0x67...0x6F).compactMap { I2CAddress($0) }),
    options: [
      OptionSpecification(
        "shunt", .quantity(.resistance, 10_000...100_000_000_000), .required,
        help: "Resistance of the shunt")
    ],
    channels: [
      ChannelSpecification(
        "voltage", .volt, resolution: 25_000_000, range: 0...102_400_000_000,
        help: "Voltage of the supply"),
      ChannelSpecification(
        "shunt-voltage", .volt, resolution: 25_000, range: 0...102_400_000,
        help: "Voltage across the shunt"),
      ChannelSpecification(
        "current", .ampere, resolution: 0, help: "Current through the shunt"),
      ChannelSpecification("power", .watt, resolution: 0, help: "Voltage times current"),
    ],
    rawLayout: [
      RawString("register 0x00, control", bytes: 1), RawString("register 0x05, power", bytes: 3),
      RawString("register 0x14, shunt voltage", bytes: 2),
      RawString("register 0x1e, voltage", bytes: 2),
    ],
    stimuli: [])

  /// Register addresses (table 1); the high byte first.
  enum Register {
    static let control: UInt8 = 0x00
    static let power: UInt8 = 0x05
    static let sense: UInt8 = 0x14
    static let voltage: UInt8 = 0x1E
    /// The thresholds of the auxiliary input's alert.
    static let highest: UInt8 = 0x2E
    static let lowest: UInt8 = 0x30
  }

  /// Bits of the control register (table 2).
  enum Control {
    /// Snapshot and its channel, test mode, shutdown, and the multiplier's choice.
    static let mask: UInt8 = 0xF3
    /// Without end, the multiplier with the voltage and not the auxiliary input.
    static let continuous: UInt8 = 0x01
  }
}
