public import Buses
public import Configuration
import Quantities

/// Sensirion SEN50, SEN54 and SEN55: particles and, but for the SEN50, climate and gases in air over
/// I2C.
///
/// Ranges: 0 to 1000 micrograms per cubic metre, particles from 0.3 to 10 um; -10 to 50 degrees
/// Celsius, 0 to 90 %RH; indexes from 1 to 500, of nitrogen oxides in the SEN55 alone. Accuracy: 5
/// micrograms per cubic metre + 5 % for up to 2.5 um, 0.45 K, 4.5 %RH. Every word comes with a
/// checksum, which is kept in the raw bytes. The sensor has one address, wants a bus of at most 100
/// kHz, and needs plain I2C, for it wants 20 ms between a command and its answer.
///
/// The sensor measures by itself every second; its fan runs all the time and cleans itself once a
/// week. A sensor that was reset measures nothing, and all its values are unknown. Its offset of
/// temperature and the parameters of its indexes are left as they are.
///
/// Source: Sensirion "Datasheet SEN5x", version 2; commands, times and scales as in the maker's
/// library python-i2c-sen5x.
public struct SEN5x: I2CSensor {
  let address: I2CAddress

  /// A driver for the sensor at an address.
  public init(options: OptionValues, address: I2CAddress) throws(OptionConflict) {
    self.address = address
  }

  /// The time from a command to its answer.
  public var conversionTime: Duration { .milliseconds(20) }

  /// Checks the product name.
  public mutating func identify<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) {
    let names = [String](repeating: "product name", count: 16)
    let characters = try bus.words(
      names, to: Command.readName, from: address, patience: Self.patience
    ).flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
    let name = String(decoding: characters.prefix { $0 != 0 }, as: UTF8.self)
    guard ["SEN50", "SEN54", "SEN55"].contains(name) else {
      throw .wrongIdentity(found: "'\(name)'", expected: "'SEN50', 'SEN54' or 'SEN55'")
    }
  }

  /// Makes the sensor start afresh.
  public mutating func reset<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) -> Duration {
    try bus.send(Command.reset, to: address)
    return .milliseconds(200)
  }

  /// Starts measuring; after 30 s concentrations are steady even in clean air,
  /// as those of the SPS30 are.
  public mutating func configure<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) -> Duration {
    try bus.send(Command.start, to: address)
    return .seconds(30)
  }

  /// Asks for the last result.
  public mutating func begin<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) -> Duration {
    try bus.send(Command.readMeasurement, to: address)
    return conversionTime
  }

  /// Fetches the result that was asked for, and the device status.
  ///
  /// Throws `notReady` while the sensor prepares the result, `wasReset` where no value is known.
  public mutating func fetch<Bus: I2CBus & ~Copyable>(
    from bus: inout Bus
  ) throws(DriverFailure) -> [[UInt8]] {
    let data = try bus.result(24, from: address)
    let words = try CRC8.sensirion.words(of: data, Self.specification.channels.map(\.name))
    guard words != Self.unknown else { throw .wasReset("no value is known") }
    let status = try bus.answer(
      6, to: Command.readStatus, from: address, patience: Self.patience)
    return [data, status]
  }

  /// What the bytes mean: eight words and the device status, each word with a checksum.
  ///
  /// Formula: mass concentration S / 10 micrograms per cubic metre, rounded to whole
  /// ones; RH = S / 100 percent, T = S / 200 degrees Celsius, index S / 10. A channel has no value
  /// where the sensor does not know it or the status names a failure of what measures it.
  ///
  /// Throws `malformed` where a number of bytes is wrong, `checksum` where a word is damaged.
  public func decode(_ raw: [[UInt8]]) throws(DriverFailure) -> Measurement {
    try requireLayout(raw)
    let channels = Self.specification.channels
    let words = try CRC8.sensirion.words(of: raw[0], channels.map(\.name))
    let halves = try CRC8.sensirion.words(of: raw[1], ["status", "status"])
    let status = UInt32(halves[0]) << 16 | UInt32(halves[1])
    var readings: [Reading] = []
    var faults: [ChannelFault] = []
    for (index, channel) in channels.enumerated() {
      let word = words[index]
      if word == Self.unknown[index] {
        faults.append(ChannelFault(channel.name, cause: "value is unknown"))
      } else if let cause = Self.cause(index, status: status) {
        faults.append(ChannelFault(channel.name, cause: cause))
      } else if index < 4 {
        readings.append(ParticulateMatter.reading(channel.name, tenths: Int128(word)))
      } else {
        let nano = Int128(Int16(bitPattern: word)) * channel.resolution
        if channel.range?.contains(nano) == false {
          faults.append(ChannelFault(channel.name, cause: "value is outside the sensor's range"))
        } else {
          readings.append(Reading(channel.name, nano: nano, channel.unit))
        }
      }
    }
    return Measurement(readings, faults: faults)
  }

  /// Why the status takes the value of the channel at a place; nil where it does not.
  private static func cause(_ index: Int, status: UInt32) -> String? {
    switch index {
    case 0..<4: ParticulateMatter.cause(status: status)
    case 4..<6: status & Status.climate == 0 ? nil : "sensor of climate has failed"
    default: status & Status.gas == 0 ? nil : "sensor of gases has failed"
    }
  }
}
