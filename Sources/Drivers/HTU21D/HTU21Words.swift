import Quantities

/// How TE's HTU21D and Silicon Labs' Si7021 write temperature and humidity into 16 bits.
///
/// Values are rounded to 0.0001 of the unit, halves away from zero; a step of the converters is
/// 0.01 K and 0.03 %RH. A word of zero is no measurement but a data line that is held low: -46.85
/// degrees or -6 %RH. Its checksum would be right, for that is zero too.
///
/// Source: HTU21D(F) "Conversion of signal outputs", Si7021-A20 sections 5.1.1 and 5.1.2.
enum HTU21Words {
  /// The checksum of a word.
  static let checksum = CRC8.humidityWord

  /// T = -46.85 + 175.72 S / 65536 degrees Celsius.
  static func temperature(_ word: UInt16) -> Result<Reading, FaultyWord> {
    guard word & 0xFFFC != 0 else { return .failure(FaultyWord(channel: "temperature")) }
    let part = (Int128(word) * 1_757_200).roundedQuotient(by: 65536) * 100_000
    return .success(Reading("temperature", nano: part - 46_850_000_000, .celsius))
  }

  /// RH = -6 + 125 S / 65536 percent, cut to 0 to 100 as both documents allow.
  static func humidity(_ word: UInt16) -> Result<Reading, FaultyWord> {
    guard word & 0xFFFC != 0 else { return .failure(FaultyWord(channel: "humidity")) }
    let humidity = (Int128(word) * 1_250_000).roundedQuotient(by: 65536) * 100_000 - 6_000_000_000
    return .success(
      Reading("humidity", nano: min(max(humidity, 0), 100_000_000_000), .relativeHumidity))
  }

  /// The words as a measurement, the temperature first.
  static func measurement(temperature: UInt16, humidity: UInt16) -> Measurement {
    var readings: [Reading] = []
    var faults: [ChannelFault] = []
    for result in [Self.temperature(temperature), Self.humidity(humidity)] {
      switch result {
      case .success(let reading): readings.append(reading)
      case .failure(let word): faults.append(ChannelFault(word.channel, cause: "word is zero"))
      }
    }
    return Measurement(readings, faults: faults)
  }

  /// A word that cannot be a result.
  struct FaultyWord: Error {
    let channel: String
  }

  /// The channels of both chips.
  static let channels = [
    ChannelSpecification(
      "temperature", .celsius, resolution: 10_725_098, range: -46_850_000_000...128_870_000_000,
      help: "Temperature of the air at the chip"),
    ChannelSpecification(
      "humidity", .relativeHumidity, resolution: 30_517_578, range: 0...100_000_000_000,
      help: "Relative humidity of the air"),
  ]

  /// Commands of both chips (HTU21D table "Command codes", Si7021-A20 table 11).
  enum Command {
    static let measureTemperature: UInt8 = 0xF3
    static let measureHumidity: UInt8 = 0xF5
    /// Measures while the chip holds the clock.
    static let measureHumidityHolding: UInt8 = 0xE5
    /// The temperature that the last humidity measurement took; the Si7021 alone has it.
    static let readTemperature: UInt8 = 0xE0
    static let reset: UInt8 = 0xFE
    /// The half of the serial number that names the type.
    static let readSerialNumber: [UInt8] = [0xFC, 0xC9]
  }

  /// The first byte of that half for the Si7013, the Si7020 and the Si7021 (Si7021-A20 section 5.3).
  static let siliconLabs: Set<UInt8> = [0x0D, 0x14, 0x15]
}
