public import Buses
public import Configuration
import Quantities

/// LM75 and its like (LM75A, LM75B, LM75C, DS75, TCN75, G751): temperature over I2C.
///
/// Range: -55 to 125 degrees Celsius. Accuracy: 2 K from -25 to 100 degrees, 3 K over all. The
/// original has 9 bits (0.5 K a step), NXP's LM75A and LM75B have 11 (0.125 K). Addresses 0x48 to
/// 0x4F by the wiring of A0 to A2.
///
/// The chip has no single shot and no flag; so the driver keeps it shut down, which also keeps it
/// cool, wakes it for the longest time of a conversion, and shuts it down again. The fault queue,
/// which only delays the alarm output, is set to two: after a reset it is one, which tells a chip
/// that was reset from one that was not.
///
/// Nor has the chip an identity. What stands for it are the bits that always read as zero in the
/// configuration and in the limits, and limits within the chip's range.
///
/// Source: National Semiconductor SNOS808 (LM75) and NXP "LM75B", revision 6.1; Linux
/// drivers/hwmon/lm75.c for the bits that tell the chip.
public struct LM75: I2CSensor {
  let address: I2CAddress
  let bits: Int

  /// A driver for the chip at an address, with its number of bits.
  public init(options: OptionValues, address: I2CAddress) throws(OptionConflict) {
    self.address = address
    bits = 9 + (try options.code("resolution", among: Self.resolutions))
  }

  /// The longest time of a conversion of any of the chips (SNOS808, temperature-to-digital
  /// converter characteristics: 100 ms, at most 300).
  public var conversionTime: Duration { .milliseconds(300) }

  /// Checks that the unused bits are zero and that the limits are within the chip's range.
  public mutating func identify<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) {
    let configuration = try bus.byte(LM75Family.Register.configuration, of: address)
    guard configuration & Configuration.unused == 0 else {
      throw .wrongIdentity(
        found: "configuration \(configuration.hexadecimal)",
        expected: "zeros in its highest three bits")
    }
    let low = try bus.word(LM75Family.Register.lowLimit, of: address)
    let high = try bus.word(LM75Family.Register.highLimit, of: address)
    for limit in [low, high] {
      // Nine bits in two's complement, 0.5 K a step.
      let steps = Int16(bitPattern: limit) >> 7
      guard limit & 0x007F == 0, (-110...250).contains(steps), low | high != 0 else {
        throw .wrongIdentity(
          found: "limits \(low.hexadecimal) and \(high.hexadecimal)",
          expected: "two limits of nine bits between -55 and 125 degrees")
      }
    }
  }

  /// Writes the fault queue and shuts the chip down.
  public mutating func configure<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) -> Duration {
    try bus.set(LM75Family.Register.configuration, to: Configuration.asleep, of: address)
    return .zero
  }

  /// Wakes the chip, which then converts.
  public mutating func begin<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) -> Duration {
    try bus.set(LM75Family.Register.configuration, to: Configuration.awake, of: address)
    return conversionTime
  }

  /// Fetches the two bytes of the temperature register and shuts the chip down.
  ///
  /// Throws `wasReset` where the configuration is not as it was set.
  public mutating func fetch<Bus: I2CBus & ~Copyable>(
    from bus: inout Bus
  ) throws(DriverFailure) -> [[UInt8]] {
    let found = try bus.byte(LM75Family.Register.configuration, of: address)
    guard found == Configuration.awake else {
      throw .wasReset(
        "configuration is \(found.hexadecimal), was set to "
          + Configuration.awake.hexadecimal)
    }
    let data = try bus.receive(2, after: [LM75Family.Register.temperature], from: address)
    try bus.set(LM75Family.Register.configuration, to: Configuration.asleep, of: address)
    return [data]
  }

  /// What the temperature register means: its highest bits, as many as the option says.
  ///
  /// A word outside of -55 to 125 degrees is none that the chip can mean, and a fault.
  public func decode(_ raw: [[UInt8]]) throws(DriverFailure) -> Measurement {
    try requireLayout(raw)
    let reading = LM75Family.temperature(raw[0].word(at: 0), bits: bits)
    guard (-55_000_000_000...125_000_000_000).contains(reading.quantity.nano) else {
      return Measurement(
        [], faults: [ChannelFault("temperature", cause: "value is beyond the chip's range")])
    }
    return Measurement([reading])
  }
}

extension LM75 {
  /// What the driver is.
  public static let specification = DriverSpecification(
    name: "lm75", revision: 1,
    summary: "LM75, LM75A, LM75B and alike: temperature",
    datasheet: "National Semiconductor SNOS808, NXP LM75B revision 6.1",
    attachment: .i2c(addresses: (0x48...0x4F).compactMap { I2CAddress($0) }),
    options: [
      OptionSpecification(
        "resolution", .choice(resolutions), .standard("9"),
        help: "Bits of a temperature: 9 for the original and most others, 11 for NXP's")
    ],
    channels: [
      ChannelSpecification(
        "temperature", .celsius, resolution: 0, range: -55_000_000_000...125_000_000_000,
        help: "Temperature of the chip")
    ],
    rawLayout: [RawString("register 0x00, temperature", bytes: 2)],
    stimuli: [])

  /// Numbers of bits from 9.
  static let resolutions = ["9", "10", "11"]

  /// Bits of the configuration register (SNOS808, configuration register; LM75B section 7.4.2).
  enum Configuration {
    /// Reserved, always zero.
    static let unused: UInt8 = 0xE0
    /// A fault queue of two.
    static let awake: UInt8 = 0x08
    /// The same, shut down.
    static let asleep: UInt8 = 0x09
  }
}
