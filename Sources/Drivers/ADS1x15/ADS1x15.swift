public import Buses
public import Configuration
import Quantities

/// Texas Instruments ADS1115 (16 bits) and ADS1015 (12 bits): a voltage at one of eight
/// combinations of four inputs, over I2C.
///
/// Ranges: up to 6.144, 4.096, 2.048, 1.024, 0.512 or 0.256 V, positive and negative, but never
/// outside the supply. Accuracy (ADS1115): 0.15 % of the value and 3 steps of offset.
///
/// The driver reads one input, for every input needs a conversion of its own. The channel is the
/// voltage at the pin: what stands behind it (the divider of a soil probe or a wind vane, the
/// burden of a 4 to 20 mA loop) is a factor and an offset that the board file's `calibrate` applies.
///
/// The driver takes single shots: the chip rests, `begin` makes it convert once, and the OS bit of
/// the configuration register tells when it is done. The register is among the raw bytes, for the
/// worth of a step depends on it. The comparator is off; its latch bit, which then does nothing,
/// is set, so that a configuration that a reset left is never the one that was written.
///
/// The chip has no identity register; the thresholds of the comparator, as a reset leaves them,
/// stand for it. Addresses 0x48 to 0x4B by the wiring of ADDR.
///
/// Source: Texas Instruments SBAS444E (ADS1115) and SBAS473F (ADS1015). Section numbers are those
/// of SBAS444E.
public struct ADS1x15<Chip: ADS1x15Chip>: I2CSensor {
  let address: I2CAddress
  let configuration: UInt16

  /// The longest time of one conversion at the chosen rate.
  public let conversionTime: Duration

  /// A driver for the chip at an address, with its input, range and rate.
  public init(options: OptionValues, address: I2CAddress) throws(OptionConflict) {
    self.address = address
    let input = try options.code("input", among: ADS1x15Coding.inputs)
    let range = try options.step("range", among: ADS1x15Coding.ranges)
    let rate = try options.step(
      "rate", among: Chip.rates.map { (key: "\($0) Hz", value: Int128($0) * 1_000_000_000) })
    configuration =
      ADS1x15Coding.singleShot | UInt16(input) << 12 | UInt16(range) << 9 | UInt16(rate) << 5
    // The rate may be 10 % low, and the chip wakes in 25 us (sections 7.5 and 9.4.2.1).
    conversionTime = .nanoseconds(10_000_000_000 / (9 * Chip.rates[rate]) + 1) + .microseconds(50)
  }

  /// What the driver is.
  public static var specification: DriverSpecification { Chip.specification }

  /// Checks that the thresholds are as a reset leaves them (sections 9.6.4 and 9.6.1).
  public mutating func identify<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) {
    let low = try bus.word(ADS1x15Coding.lowThreshold, of: address)
    let high = try bus.word(ADS1x15Coding.highThreshold, of: address)
    // The lowest four bits are not used by the chip with 12 bits.
    guard low & 0xFFF0 == 0x8000, high & 0xFFF0 == 0x7FF0 else {
      throw .wrongIdentity(
        found: "thresholds \(low.hexadecimal) and \(high.hexadecimal)",
        expected: "0x8000 and 0x7fff")
    }
  }

  /// Starts one conversion (section 9.6.3).
  public mutating func begin<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) -> Duration {
    try bus.set(
      ADS1x15Coding.configuration, to: configuration | ADS1x15Coding.start, of: address)
    return conversionTime
  }

  /// Fetches the configuration register and the conversion.
  ///
  /// Throws `wasReset` where the configuration is not as it was set, by a reset or by somebody
  /// else, and `notReady` while the chip converts.
  public mutating func fetch<Bus: I2CBus & ~Copyable>(
    from bus: inout Bus
  ) throws(DriverFailure) -> [[UInt8]] {
    let found = try bus.receive(2, after: [ADS1x15Coding.configuration], from: address)
    guard found.word(at: 0) & ~ADS1x15Coding.start == configuration else {
      throw .wasReset(
        "configuration register is \(found.word(at: 0).hexadecimal), "
          + "was set to \(configuration.hexadecimal)")
    }
    guard found.word(at: 0) & ADS1x15Coding.start != 0 else { throw .notReady }
    return [found, try bus.receive(2, after: [ADS1x15Coding.conversion], from: address)]
  }

  /// What a conversion means: its part of 32768 of the range that the configuration register names
  /// (sections 9.5.3 and 9.6.3), rounded to billionths of a volt, halves away from zero.
  ///
  /// The highest and the lowest code have no value, for the voltage may be anything beyond.
  ///
  /// Throws `malformed` where the number of bytes is wrong.
  public func decode(_ raw: [[UInt8]]) throws(DriverFailure) -> Measurement {
    try requireLayout(raw)
    let range = Int(raw[0].word(at: 0) >> 9 & 7)
    let word = raw[1].word(at: 0)
    let code = Int16(bitPattern: word)
    // Three codes mean the smallest range.
    let full = ADS1x15Coding.ranges[min(range, ADS1x15Coding.ranges.count - 1)].value
    var cause: String?
    if code >= Chip.highest || code == .min {
      cause = "voltage is beyond the range"
    } else if word & ~UInt16(bitPattern: Chip.highest) & 0x7FFF != 0 {
      cause = "code has more than 12 bits, as from an ADS1115"
    }
    var builder = MeasurementBuilder()
    builder.add(
      "voltage", (Int128(code) * full).roundedQuotient(by: 32768), .volt, fault: cause)
    return builder.measurement
  }
}

/// A chip that `ADS1x15` drives.
public protocol ADS1x15Chip: Sendable {
  /// What its driver is.
  static var specification: DriverSpecification { get }
  /// Conversions per second, by code.
  static var rates: [Int] { get }
  /// The highest code, of which all bits but the first are ones that the chip has.
  static var highest: Int16 { get }
}

/// The ADS1015.
public enum ADS1015Chip: ADS1x15Chip {
  /// What its driver is.
  public static let specification = ADS1x15Coding.specification(
    "ads1015", "12 bits", "SBAS473F", rates: rates, rate: "1600 Hz")
  /// Conversions per second, by code; the last code repeats the rate before it.
  public static let rates = [128, 250, 490, 920, 1600, 2400, 3300]
  /// The highest code, left-aligned.
  public static let highest: Int16 = 0x7FF0
}

/// The ADS1115.
public enum ADS1115Chip: ADS1x15Chip {
  /// What its driver is.
  public static let specification = ADS1x15Coding.specification(
    "ads1115", "16 bits", "SBAS444E", rates: rates, rate: "128 Hz")
  /// Conversions per second, by code.
  public static let rates = [8, 16, 32, 64, 128, 250, 475, 860]
  /// The highest code.
  public static let highest: Int16 = 0x7FFF
}

/// Texas Instruments ADS1015.
public typealias ADS1015 = ADS1x15<ADS1015Chip>
/// Texas Instruments ADS1115.
public typealias ADS1115 = ADS1x15<ADS1115Chip>
