public import Buses
public import Configuration
import Quantities

/// Sensirion SCD30: carbon dioxide, temperature and relative humidity over I2C.
///
/// Ranges: 0 to 40,000 ppm, accurate from 400 to 10,000 ppm, -40 to 70 degrees Celsius, 0 to 100
/// %RH. Accuracy: 30 ppm + 3 %, 0.4 K, 3 %RH. Every word comes with a checksum, which is kept in the
/// raw bytes. The module has one address. It holds the clock for up to 30 ms, and once a day for
/// 150 ms, which the adapter must let it do, and wants a bus of at most 100 kHz.
///
/// The module measures by itself and keeps the last result until it is read; sampling must be
/// slower than its interval. It remembers interval and altitude without its supply, so a module
/// that was reset goes on as before; they are written only where they differ, to spare its memory.
/// Self-calibration and temperature offset are left as they are.
///
/// Source: Sensirion "Interface Description SCD30", version 1.0. Section numbers are that
/// document's.
public struct SCD30: I2CSensor {
  let address: I2CAddress
  /// The seconds from one measurement to the next.
  let seconds: UInt16
  /// The altitude in metres; nil for the one that the module remembers.
  let altitude: UInt16?

  /// A driver for the module at an address, with its interval and the altitude of its place.
  public init(options: OptionValues, address: I2CAddress) throws(OptionConflict) {
    self.address = address
    let (seconds, rest) = try options.requiredNano("measurement-interval")
      .quotientAndRemainder(dividingBy: 1_000_000_000)
    guard rest == 0 else {
      throw OptionConflict(
        option: "measurement-interval", "'measurement-interval' is not a whole number of seconds",
        remedy: "write for example '\(seconds) s'")
    }
    self.seconds = UInt16(seconds)
    altitude = options.quantity("altitude").map {
      UInt16($0.nano.roundedQuotient(by: 1_000_000_000))
    }
  }

  /// The time from one result to the next, a quarter longer than the interval, as Linux waits.
  public var conversionTime: Duration { .seconds(Int(seconds)) * 5 / 4 }

  /// Checks that the version of the firmware comes with a right checksum (section 1.4.9).
  public mutating func identify<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) {
    _ = try bus.words(["version"], to: Command.readVersion, from: address)
  }

  /// Makes the module start afresh, which takes up to 2 s (section 1.4.10).
  public mutating func reset<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) -> Duration {
    try bus.send(Command.reset, to: address)
    return .seconds(2)
  }

  /// Sets interval and altitude where they differ, and starts measuring without a pressure, which
  /// makes the altitude count (sections 1.4.1, 1.4.3 and 1.4.8).
  public mutating func configure<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) -> Duration {
    var wanted = [(name: "interval", command: Command.interval, value: seconds)]
    if let altitude { wanted.append(("altitude", Command.altitude, altitude)) }
    // All is read first, for a read cannot be made again while the module is at a command.
    var commands: [[UInt8]] = []
    for (name, command, value) in wanted
    where try bus.words([name], to: command, from: address)[0] != value {
      commands.append(command + CRC8.sensirion.bytes(of: value))
    }
    for command in commands { try bus.order(command, to: address) }
    try bus.order(Command.start + CRC8.sensirion.bytes(of: 0), to: address)
    return conversionTime + .seconds(1)
  }

  /// Nothing, for the module measures by itself.
  public mutating func begin<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) -> Duration {
    .zero
  }

  /// Fetches the 18 bytes of the last result (section 1.4.5); throws `notReady` where there is no
  /// new one.
  public mutating func fetch<Bus: I2CBus & ~Copyable>(
    from bus: inout Bus
  ) throws(DriverFailure) -> [[UInt8]] {
    guard try bus.words(["state"], to: Command.readState, from: address)[0] != 0 else {
      throw .notReady
    }
    return [try bus.answer(18, to: Command.readMeasurement, from: address)]
  }

  /// What 18 bytes mean: three numbers of the format binary32, each as two words with checksums.
  ///
  /// They are carbon dioxide in ppm, temperature in degrees Celsius and humidity in percent (section
  /// 1.5), rounded to billionths. A channel whose number is none, or is outside the module's range,
  /// has no value; a carbon dioxide of zero is what the module sends before its first measurement.
  ///
  /// Throws `malformed` where the number of bytes is wrong, `checksum` where a word is damaged.
  public func decode(_ raw: [[UInt8]]) throws(DriverFailure) -> Measurement {
    try requireLayout(raw)
    let channels = Self.specification.channels
    let words = try CRC8.sensirion.words(of: raw[0], channels.flatMap { [$0.name, $0.name] })
    var readings: [Reading] = []
    var faults: [ChannelFault] = []
    for (index, channel) in channels.enumerated() {
      let bits = UInt32(words[2 * index]) << 16 | UInt32(words[2 * index + 1])
      if channel.name == "co2", bits == 0 {
        faults.append(ChannelFault(channel.name, cause: "it was not measured yet"))
      } else if let nano = Binary32.scaled(bits, by: 1_000_000_000),
        channel.range?.contains(nano) != false
      {
        readings.append(Reading(channel.name, nano: nano, channel.unit))
      } else {
        faults.append(ChannelFault(channel.name, cause: "number is outside the module's range"))
      }
    }
    return Measurement(readings, faults: faults)
  }
}
