public import Buses
public import Configuration
import Quantities

/// Allegro ACS37800 with I2C: alternating voltage, current and power of one phase, isolated.
///
/// Ranges: up to 250 mV behind the divider, 15, 30 or 90 A by the part's number. Accuracy: 1.5 % of
/// power; the divider's tolerance comes on top. The chip computes over whole cycles without end;
/// the driver takes the results as they are and changes no setting, so none can be lost.
///
/// The chip has no identity register; a working copy of the first trim register that is as its
/// EEPROM, next to another register that is different, stands for it. Addresses 0x60 to 0x6F by
/// the wiring of DIO_0 and DIO_1; 0x60 with both at ground.
///
/// Source: Allegro ACS37800-DS, revision 3; SparkFun's library and its measurements.
public struct ACS37800: I2CSensor {
  let address: I2CAddress
  let ampere: Int128
  let divider: Int128
  let sense: Int128

  /// A driver for the chip at an address, with its range and the divider of its voltage.
  public init(options: OptionValues, address: I2CAddress) throws(OptionConflict) {
    self.address = address
    ampere = try options.requiredNano("range")
    divider = try options.requiredNano("divider")
    sense = try options.requiredNano("sense")
  }

  /// None, for the chip measures without end.
  public var conversionTime: Duration { .zero }

  /// Checks that trim registers are as their EEPROM, and not all the same.
  public mutating func identify<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) {
    var words: [UInt32] = []
    for register in Register.trims {
      words.append(
        try bus.receive(4, after: [register], from: address).littleQuad & Register.trimMask)
    }
    guard words[0] == words[1], words[0] != words[2], words[0] != 0 else {
      throw .wrongIdentity(
        found: "trims " + words.map { "0x" + String($0, radix: 16) }.joined(separator: ", "),
        expected: "two that are the same and one that is not")
    }
  }

  /// Starts nothing.
  public mutating func begin<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) -> Duration {
    .zero
  }

  /// Fetches voltage and current, active and reactive power, apparent power and power factor.
  public mutating func fetch<Bus: I2CBus & ~Copyable>(
    from bus: inout Bus
  ) throws(DriverFailure) -> [[UInt8]] {
    var raw: [[UInt8]] = []
    for register in Register.results {
      raw.append(try bus.receive(4, after: [register], from: address))
    }
    return raw
  }

  /// What the registers mean, the least significant byte first.
  ///
  /// Formula: 55000 are 250 mV before the divider, and the range of the current. The powers are the
  /// product of both codes, cut to 16 bits: 65536/55000^2 of the full power for reactive and
  /// apparent power, 32768/27500^2 for active power, which has a sign (the data sheet rounds these
  /// to 6.15 and 3.08 codes a milliwatt at 30 A). The power factor has ten fractional bits. All
  /// rounded to billionths, halves away from zero.
  ///
  /// The highest code has no value, for the quantity may be anything beyond.
  ///
  /// Throws `malformed` where the number of bytes is wrong.
  public func decode(_ raw: [[UInt8]]) throws(DriverFailure) -> Measurement {
    try requireLayout(raw)
    var builder = MeasurementBuilder()
    // Divider over its lower part, and 250 mV.
    let whole = divider + sense
    let voltage = raw[0].littleWord(at: 0)
    builder.add(
      "voltage",
      (Int128(voltage) * 250_000_000 * whole).roundedQuotient(by: 55_000 * sense), .volt,
      fault: voltage == .max ? Self.beyond : nil)
    let current = raw[0].littleWord(at: 2)
    builder.add(
      "current", (Int128(current) * ampere).roundedQuotient(by: 55_000), .ampere,
      fault: current == .max ? Self.beyond : nil)

    // 250 mV are a quarter of a volt; and half of 32768 for 16 bits without a sign.
    func power(_ code: Int128, _ factor: Int128) -> Int128 {
      (code * factor * ampere * whole).roundedQuotient(by: 4 * 27_500 * 27_500 * sense)
    }
    let active = Int16(bitPattern: raw[1].littleWord(at: 0))
    builder.add(
      "power", power(Int128(active), 32_768), .watt,
      fault: active == .max || active == .min ? Self.beyond : nil)
    let reactive = raw[1].littleWord(at: 2)
    builder.add(
      "reactive-power", power(Int128(reactive), 16_384), .voltAmpereReactive,
      fault: reactive == .max ? Self.beyond : nil)
    let apparent = raw[2].littleWord(at: 0)
    builder.add(
      "apparent-power", power(Int128(apparent), 16_384), .voltAmpere,
      fault: apparent == .max ? Self.beyond : nil)
    // Eleven bits with a sign.
    let factor = Int128(UInt32(raw[2].littleWord(at: 2)).signed(bits: 11))
    builder.add(
      "power-factor", (factor * 1_000_000_000).roundedQuotient(by: 1024), .ratio)
    return builder.measurement
  }

  static let beyond = "value is beyond the range"
}

extension ACS37800 {
  /// What the driver is.
  public static let specification = DriverSpecification(
    name: "acs37800", revision: 1,
    summary: "Allegro ACS37800: alternating voltage, current and power",
    datasheet: "Allegro ACS37800-DS Rev 3",
    attachment: .i2c(addresses: (0x60...0x6F).compactMap { I2CAddress($0) }),
    options: [
      OptionSpecification(
        "range", .quantity(.current, 1_000_000_000...1_000_000_000_000), .required,
        help: "Largest current of the part: 30 A for ACS37800KMACTR-030B3, 90 A for -090B3"),
      OptionSpecification(
        "divider", .quantity(.resistance, 1_000_000_000...10_000_000_000_000_000), .required,
        help: "All resistors between the line and the sense resistor together"),
      OptionSpecification(
        "sense", .quantity(.resistance, 1_000_000_000...1_000_000_000_000_000), .required,
        help: "Resistance of the sense resistor at the voltage input"),
    ],
    channels: [
      ChannelSpecification(
        "voltage", .volt, resolution: 0, help: "Voltage, root of the mean square"),
      ChannelSpecification(
        "current", .ampere, resolution: 0, help: "Current, root of the mean square"),
      ChannelSpecification(
        "power", .watt, resolution: 0, help: "Active power, signed"),
      ChannelSpecification(
        "reactive-power", .voltAmpereReactive, resolution: 0,
        help: "Reactive power, without a sign"),
      ChannelSpecification(
        "apparent-power", .voltAmpere, resolution: 0, help: "Apparent power"),
      ChannelSpecification(
        "power-factor", .ratio, resolution: 976_563, range: -1_000_000_000...1_000_000_000,
        help: "Active over apparent power, signed"),
    ],
    rawLayout: [
      RawString("register 0x20, voltage and current", bytes: 4),
      RawString("register 0x21, active and reactive power", bytes: 4),
      RawString("register 0x22, apparent power and power factor", bytes: 4),
    ],
    stimuli: [])

  /// Register addresses; four bytes each, the least significant first.
  enum Register {
    /// The first trim's working copy and EEPROM, and another trim's EEPROM.
    static let trims: [UInt8] = [0x1B, 0x0B, 0x0F]
    /// Without the six bits of the EEPROM's error correction.
    static let trimMask: UInt32 = 0x03FF_FFFF
    static let results: [UInt8] = [0x20, 0x21, 0x22]
  }
}
