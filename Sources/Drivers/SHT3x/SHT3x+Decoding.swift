import Quantities

extension SHT3x {
  /// What six bytes mean: a temperature word, a humidity word, each with its checksum.
  ///
  /// Formula (section 4.13): T = -45 + 175 S / 65535 degrees Celsius, RH = 100 S / 65535 percent,
  /// in whole numbers, rounded to 0.0001 of the unit, halves away from zero.
  ///
  /// Throws `malformed` where the number of bytes is wrong, `checksum` where a word is damaged.
  public func decode(_ raw: [[UInt8]]) throws(DriverFailure) -> Measurement {
    try requireLayout(raw)
    let words = try Self.words(of: raw[0])
    return Measurement([
      Reading("temperature", SensirionClimate.temperature(words[0])),
      Reading("humidity", SensirionClimate.humidity(words[1])),
    ])
  }

  /// The temperature word and the humidity word.
  static func words(of data: [UInt8]) throws(DriverFailure) -> [UInt16] {
    try checksum.words(of: data, ["temperature", "humidity"])
  }
}
