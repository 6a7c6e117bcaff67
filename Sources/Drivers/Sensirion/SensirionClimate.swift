import Quantities

/// How Sensirion's chips, and those that copy them, write temperature and humidity into 16 bits.
///
/// Values are rounded to 0.0001 of the unit, halves away from zero. A step of the converter is
/// 0.0027 K or 0.0015 %RH, so no two words give one value. Source: SHT3x-DIS section 4.13, SHT4x
/// section 4.6, SCD4x section 3.5.2.
enum SensirionClimate {
  /// T = -45 + 175 S / 65535 degrees Celsius.
  static func temperature(_ word: UInt16) -> Quantity {
    Quantity(nano: part(of: word, span: 175) - 45_000_000_000, unit: .celsius)
  }

  /// RH = 100 S / 65535 percent.
  static func humidity(_ word: UInt16) -> Quantity {
    Quantity(nano: part(of: word, span: 100), unit: .relativeHumidity)
  }

  /// The word's part of `span` units, in billionths, as whole steps of 0.0001.
  static func part(of word: UInt16, span: Int128) -> Int128 {
    (Int128(word) * span * 10_000).roundedQuotient(by: 65535) * 100_000
  }
}
