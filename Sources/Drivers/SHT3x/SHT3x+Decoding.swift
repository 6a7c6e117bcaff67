import Quantities

extension SHT3x {
  /// What six bytes mean: a temperature word, a humidity word, each with its checksum.
  ///
  /// Formula (section 4.13): T = -45 + 175 S / 65535 degrees Celsius, RH = 100 S / 65535 percent,
  /// in whole numbers, rounded to 0.0001 of the unit, halves away from zero. A step of the
  /// converter is 0.0027 K or 0.0015 %RH, so no two words decode alike.
  ///
  /// Throws `malformed` where the number of bytes is wrong, `checksum` where a word is damaged.
  public func decode(_ raw: [[UInt8]]) throws(DriverFailure) -> Measurement {
    try raw.requireLengths([Self.dataCount])
    let data = raw[0]
    try Self.checkWords(data)
    return Measurement([
      Reading(
        "temperature",
        Quantity(
          nano: Self.steps(of: data.word(at: 0), span: 175) - 45_000_000_000, unit: .celsius)),
      Reading(
        "humidity",
        Quantity(nano: Self.steps(of: data.word(at: 3), span: 100), unit: .relativeHumidity)),
    ])
  }

  /// Throws `checksum` with the name of the word that is damaged.
  static func checkWords(_ data: [UInt8]) throws(DriverFailure) {
    guard Checksum.isRight(data[0..<3]) else { throw .checksum("temperature word") }
    guard Checksum.isRight(data[3..<6]) else { throw .checksum("humidity word") }
  }

  /// The word's part of `span` units, in billionths, as whole steps of 0.0001.
  private static func steps(of word: UInt16, span: Int128) -> Int128 {
    (Int128(word) * span * 10_000).roundedQuotient(by: 65535) * 100_000
  }
}
