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
  /// Single shots, with the comparator off and its latch bit set (section 9.6.3).
  static let singleShot: UInt16 = 0x0107

  /// Pairs of inputs, and inputs against ground, by code (section 9.6.3, MUX).
  static let inputs = ["0-1", "0-3", "1-3", "2-3", "0", "1", "2", "3"]

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
      summary: "Texas Instruments \(name.uppercased()): a voltage at analogue inputs, \(bits)",
      datasheet: "Texas Instruments \(datasheet)",
      attachment: .i2c(addresses: (0x48...0x4B).compactMap { I2CAddress($0) }),
      options: [
        OptionSpecification(
          "input", .choice(inputs), .standard("0"),
          help: "An input against ground, or the first of two against the second"),
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
      ],
      channels: [
        ChannelSpecification(
          "voltage", .volt, resolution: 0, range: -6_144_000_000...6_144_000_000,
          help: "Voltage at the input; calibrate by the board file for what stands behind it")
      ],
      rawLayout: [
        RawString("register 0x01, configuration", bytes: 2),
        RawString("register 0x00, conversion", bytes: 2),
      ],
      stimuli: [])
  }
}
