import Buses
import Configuration
import Quantities

/// Registers and codes of an `ADS1x15`.
enum ADS1x15Coding {
  /// Register addresses (section 9.6.1, table 6); two bytes each, the high one first.
  static let conversion: UInt8 = 0x00
  static let configuration: UInt8 = 0x01
  static let lowThreshold: UInt8 = 0x02
  static let highThreshold: UInt8 = 0x03

  /// Written, the bit starts a conversion; read, it says that none is going on (section 9.6.3).
  static let start: UInt16 = 0x8000
  /// The input's place in the configuration register (section 9.6.3, MUX).
  static let input: UInt16 = 0x7000
  /// The chip rests between single shots (section 9.6.3, MODE).
  static let singleShot: UInt16 = 0x0100
  /// The comparator is off, and its latch bit is set (section 9.6.3, COMP_LAT and COMP_QUE).
  static let withoutComparator: UInt16 = 0x0007

  /// Inputs against ground, and pairs of inputs, with their codes (section 9.6.3, MUX), in the
  /// order of the channels.
  static let inputs: KeyValuePairs<String, UInt16> = [
    "0": 4, "1": 5, "2": 6, "3": 7, "0-1": 0, "0-3": 1, "1-3": 2, "2-3": 3,
  ]

  /// Ranges, by code (section 9.6.3, PGA).
  static let ranges: KeyValuePairs<String, Int128> = [
    "6.144 V": 6_144_000_000, "4.096 V": 4_096_000_000, "2.048 V": 2_048_000_000,
    "1.024 V": 1_024_000_000, "0.512 V": 512_000_000, "0.256 V": 256_000_000,
  ]

  /// What the driver of a chip is.
  static func specification(
    _ name: String, _ bits: String, _ datasheet: String, rates: [Int], rate: String
  ) -> DriverSpecification {
    let bounds = Int128(rates.min() ?? 0)...Int128(rates.max() ?? 0)
    return DriverSpecification(
      name: name, revision: 1,
      summary: "Texas Instruments \(name.uppercased()): voltages at four analogue inputs, \(bits)",
      datasheet: "Texas Instruments \(datasheet)",
      attachment: .i2c(addresses: (0x48...0x4B).compactMap { I2CAddress($0) }),
      options: [
        OptionSpecification(
          "inputs", .list(.choice(inputs.map(\.key))), .standard("0"),
          help: "Inputs against ground, and pairs, the first against the second"),
        OptionSpecification(
          "range", .quantity(.voltage, 256_000_000...6_144_000_000), .standard("4.096 V"),
          help: "Largest voltage: \(ranges.map(\.key).joined(separator: ", "))"),
        OptionSpecification(
          "rate",
          .quantity(
            .frequency, (bounds.lowerBound * 1_000_000_000)...(bounds.upperBound * 1_000_000_000)),
          .standard(rate),
          help: "Conversions per second, fewer with less noise: "
            + rates.map { "\($0) Hz" }.joined(separator: ", ")),
        OptionSpecification(
          "samples", .integer(2...2000), .optional,
          help: "Takes so many conversions of one input in each measurement, for voltages that "
            + "alternate; one of each input where it is not written"),
      ],
      channels: inputs.map { input, _ in
        ChannelSpecification(
          "voltage-\(input)", .volt, resolution: 0, range: -6_144_000_000...6_144_000_000,
          neededOption: "inputs", neededItem: input,
          help: input.count == 1
            ? "Voltage at input \(input), with 'samples' the mean"
            : "Voltage between inputs \(input.prefix(1)) and \(input.suffix(1)), with 'samples' "
              + "the mean")
      } + [
        sampled("rms-voltage", "Root mean square of the samples about their mean", from: 0),
        sampled("minimum-voltage", "Lowest of the samples", from: -6_144_000_000),
        sampled("maximum-voltage", "Highest of the samples", from: -6_144_000_000),
      ],
      rawLayout: [
        RawString("register 0x01, configuration", bytes: 2, for: "each of 'inputs'"),
        RawString(
          "register 0x00, conversion", bytes: 2, for: "each of 'inputs', or each of 'samples'"),
      ],
      stimuli: [])
  }

  /// A channel that several conversions of one input have.
  private static func sampled(
    _ name: String, _ help: String, from least: Int128
  ) -> ChannelSpecification {
    ChannelSpecification(
      name, .volt, resolution: 0, range: least...6_144_000_000, neededOption: "samples", help: help)
  }
}
