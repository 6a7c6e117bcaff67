public import Buses
public import Configuration
import Quantities

/// Sensirion SCD40, SCD41 and SCD43: carbon dioxide, temperature and relative humidity over I2C.
///
/// Ranges: 0 to 40,000 ppm, accurate from 400 ppm to 2000 (SCD40) or 5000 ppm (SCD41, SCD43), -10 to
/// 60 degrees Celsius, 0 to 95 %RH. Accuracy: 50 ppm + 5 % (SCD40), 0.8 K and 6 %RH. Every word
/// comes with a checksum, which is kept in the raw bytes. The chip has one address.
///
/// The chip measures by itself, every 5 s or, in low-power mode, every 30 s, and keeps the last
/// result until it is read; sampling must be slower than that. Single shots, of the SCD41 and the
/// SCD43 alone, take 5 s each; the first after a start is thrown away, as section 3.10 asks. Self-calibration, temperature offset and all else that the chip's
/// memory holds is left as it is.
///
/// A chip that was reset measures nothing by itself, so it has no result. For single shots, that
/// its altitude is still the wanted one tells.
///
/// Source: Sensirion "Datasheet SCD4x", version 1.3, whose section numbers are given; the SCD43 is
/// in version 1.7.
public struct SCD4x: I2CSensor {
  let address: I2CAddress
  let mode: Mode
  /// The altitude in metres; nil for the one in the chip's memory.
  let altitude: UInt16?

  /// A driver for the chip at an address, with its mode and the altitude of its place.
  public init(options: OptionValues, address: I2CAddress) throws(OptionConflict) {
    self.address = address
    mode = try options.choice("mode")
    altitude = options.quantity("altitude").map {
      UInt16($0.nano.roundedQuotient(by: 1_000_000_000))
    }
  }

  /// The time from one result to the next, a fifth longer than the nominal one (section 3.1).
  public var conversionTime: Duration { mode.interval }

  /// Checks the words of the serial number or, of a chip that measures, the one that tells whether
  /// it has a result (sections 3.9.2 and 3.8.2).
  public mutating func identify<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) {
    do {
      let names = [String](repeating: "serial number", count: 3)
      _ = try bus.words(names, to: Command.readSerialNumber, from: address)
    } catch {
      _ = try bus.words(["state"], to: Command.readState, from: address)
    }
  }

  /// Ends what the chip does by itself, for it takes no settings meanwhile (section 3.5.3).
  public mutating func reset<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) -> Duration {
    try bus.send(Command.stop, to: address)
    return .milliseconds(500)
  }

  /// Sets the altitude and starts what the chip does by itself, or a first shot (sections 3.6.3,
  /// 3.5.1, 3.8.1 and 3.10.1).
  public mutating func configure<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) -> Duration {
    if let altitude {
      try bus.order(Command.setAltitude + CRC8.sensirion.bytes(of: altitude), to: address)
    }
    try bus.order(mode.command, to: address)
    return mode.interval
  }

  /// Starts a single shot; in the other modes there is nothing to do (section 3.10.1).
  public mutating func begin<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) -> Duration {
    guard mode == .singleShot else { return .zero }
    try bus.send(mode.command, to: address)
    return mode.interval
  }

  /// Fetches the nine bytes of the last result (section 3.5.2).
  ///
  /// Throws `notReady` where there is no new result, as in a chip that was reset; `wasReset` where
  /// the altitude is not the wanted one.
  public mutating func fetch<Bus: I2CBus & ~Copyable>(
    from bus: inout Bus
  ) throws(DriverFailure) -> [[UInt8]] {
    let state = try bus.words(["state"], to: Command.readState, from: address)[0]
    guard state & Self.hasResult != 0 else { throw .notReady }
    let data = try bus.answer(9, to: Command.readMeasurement, from: address)
    if mode == .singleShot, let altitude {
      let found = try bus.words(["altitude"], to: Command.readAltitude, from: address)[0]
      guard found == altitude else { throw .wasReset("altitude is \(found) m") }
    }
    return [data]
  }

  /// What nine bytes mean: words of carbon dioxide, temperature and humidity with checksums.
  ///
  /// Formula (section 3.5.2): CO2 = S ppm, T = -45 + 175 S / 65535 degrees Celsius, RH = 100 S /
  /// 65535 percent, the latter rounded to 0.0001 of the unit. A carbon dioxide word of zero is what
  /// the chip sends where it did not measure it, so that channel has no value then.
  ///
  /// Throws `malformed` where the number of bytes is wrong, `checksum` where a word is damaged.
  public func decode(_ raw: [[UInt8]]) throws(DriverFailure) -> Measurement {
    try requireLayout(raw)
    let words = try CRC8.sensirion.words(of: raw[0], ["co2", "temperature", "humidity"])
    let climate = [
      Reading("temperature", SensirionClimate.temperature(words[1])),
      Reading("humidity", SensirionClimate.humidity(words[2])),
    ]
    guard words[0] != 0 else {
      return Measurement(climate, faults: [ChannelFault("co2", cause: "it was not measured")])
    }
    let co2 = Reading("co2", nano: Int128(words[0]) * 1_000_000_000, .partsPerMillion)
    return Measurement([co2] + climate)
  }
}
