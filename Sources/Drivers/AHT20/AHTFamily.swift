import Buses
import Quantities

/// What Aosong's AHT10 and AHT20 have in common.
///
/// Source: Aosong "AHT20 product manuals" version 1.0 and "AHT10 technical manual"; section numbers
/// are the former's.
enum AHTFamily {
  /// Measures once (section 5.4); the chip is done within 80 ms.
  static let measure: [UInt8] = [0xAC, 0x33, 0x00]
  /// Makes the chip start afresh, within 20 ms (section 5.5).
  static let reset: UInt8 = 0xBA

  /// Bits of the status byte (section 5.3, table 10).
  enum Status {
    /// The chip measures.
    static let busy: UInt8 = 0x80
    /// The chip has its calibration from the factory.
    static let calibrated: UInt8 = 0x08
  }

  /// The channels of both chips.
  static let channels = [
    ChannelSpecification(
      "temperature", .celsius, resolution: 190_735, range: -50_000_000_000...150_000_000_000,
      help: "Temperature of the air at the chip"),
    ChannelSpecification(
      "humidity", .relativeHumidity, resolution: 95_367, range: 0...100_000_000_000,
      help: "Relative humidity of the air"),
  ]

  /// Checks that a status byte can be the chip's: a bus on which nobody answers reads as ones.
  static func identify(_ status: UInt8) throws(DriverFailure) {
    guard status != 0xFF else {
      throw .wrongIdentity(found: status.hexadecimal, expected: "a status byte")
    }
  }

  /// Checks that the chip has measured, and has its calibration.
  static func requireResult(_ status: UInt8) throws(DriverFailure) {
    guard status & Status.calibrated != 0 else {
      throw .wasReset("status is \(status.hexadecimal)")
    }
    guard status & Status.busy == 0 else { throw .notReady }
  }

  /// What the status byte and the five bytes of data mean: 20 bits of humidity, 20 of temperature.
  ///
  /// Formula (section 6): RH = 100 S / 2^20 percent, T = 200 S / 2^20 - 50 degrees Celsius, rounded
  /// to billionths. The data of a chip that still measures, or lacks its calibration, is no
  /// measurement; neither are data bits that are all equal, as of a line that nobody drives.
  static func measurement(_ bytes: [UInt8]) -> Measurement {
    let humidity = bytes.triple(at: 1) >> 4
    let temperature = bytes.triple(at: 3) & 0xFFFFF
    if let cause = fault(status: bytes[0], humidity, temperature) {
      return Measurement(
        [], faults: ["temperature", "humidity"].map { ChannelFault($0, cause: cause) })
    }
    return Measurement([
      Reading(
        "temperature", nano: part(of: temperature, span: 200) - 50_000_000_000, .celsius),
      Reading("humidity", nano: part(of: humidity, span: 100), .relativeHumidity),
    ])
  }

  private static func fault(
    status: UInt8, _ humidity: UInt32, _ temperature: UInt32
  ) -> String? {
    if status & Status.busy != 0 { return "chip was still measuring" }
    if status & Status.calibrated == 0 { return "chip lacks its calibration" }
    if humidity == 0, temperature == 0 { return "all data bits are zero" }
    if humidity == 0xFFFFF, temperature == 0xFFFFF { return "all data bits are one" }
    return nil
  }

  private static func part(of word: UInt32, span: Int128) -> Int128 {
    (Int128(word) * span * 1_000_000_000).roundedQuotient(by: 1 << 20)
  }
}
