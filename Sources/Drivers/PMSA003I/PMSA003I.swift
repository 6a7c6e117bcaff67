public import Buses
public import Configuration
import Quantities

/// Plantower PMSA003I: mass concentrations of particles in air over I2C.
///
/// Range: 0 to 500 micrograms per cubic metre, particles from 0.3 to 10 um. Accuracy: 10 micrograms
/// per cubic metre, or 10 % from 100 on. The 32 bytes of a frame come with a sum, which is kept in
/// the raw bytes; so are the numbers of particles, for which there is no unit, and which are not
/// decoded. The sensor has one address and wants a bus of at most 100 kHz.
///
/// The sensor measures by itself, with its fan running all the time, and has no settings. The
/// concentrations are those "under atmospheric environment", not those for the factory's particle.
///
/// Source: Plantower "PMSA003I data manual", version 2.6, appendix I.
public struct PMSA003I: I2CSensor {
  let address: I2CAddress

  /// A driver for the sensor at an address.
  public init(options: OptionValues, address: I2CAddress) throws(OptionConflict) {
    self.address = address
  }

  /// The longest time from one result to the next.
  public var conversionTime: Duration { .milliseconds(2300) }

  /// Checks that a frame begins and ends as it must.
  public mutating func identify<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) {
    let frame = try bus.result(Self.frameCount, from: address)
    guard Array(frame[0..<4]) == Self.header else {
      throw .wrongIdentity(
        found: frame[0..<4].map(\.hexadecimal).joined(separator: " "),
        expected: Self.header.map(\.hexadecimal).joined(separator: " "))
    }
    try Self.requireSum(frame)
  }

  /// Lets the fan run for 30 s, before which values are not steady.
  public mutating func configure<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) -> Duration {
    .seconds(30)
  }

  /// Nothing, for the sensor measures by itself.
  public mutating func begin<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) -> Duration {
    .zero
  }

  /// Fetches the last frame.
  public mutating func fetch<Bus: I2CBus & ~Copyable>(
    from bus: inout Bus
  ) throws(DriverFailure) -> [[UInt8]] {
    [try bus.result(Self.frameCount, from: address)]
  }

  /// What a frame means: 0x42 0x4D, its length, twelve words, version, error code and sum.
  ///
  /// The concentrations are whole micrograms per cubic metre. No channel has a value where the error
  /// code is not zero.
  ///
  /// Throws `malformed` where the number of bytes or the frame's beginning is wrong, `checksum`
  /// where the sum is.
  public func decode(_ raw: [[UInt8]]) throws(DriverFailure) -> Measurement {
    try requireLayout(raw)
    let frame = raw[0]
    guard Array(frame[0..<4]) == Self.header else { throw .malformed("frame has no header") }
    try Self.requireSum(frame)
    let channels = Self.specification.channels
    guard frame[Self.errorIndex] == 0 else {
      let cause = "error code is \(frame[Self.errorIndex].hexadecimal)"
      return Measurement([], faults: channels.map { ChannelFault($0.name, cause: cause) })
    }
    return Measurement(
      channels.enumerated().map { index, channel in
        let word = frame.word(at: Self.firstIndex + 2 * index)
        return ParticulateMatter.reading(channel.name, tenths: 10 * Int128(word))
      })
  }

  private static func requireSum(_ frame: [UInt8]) throws(DriverFailure) {
    let sum = frame[0..<(frameCount - 2)].reduce(0 as UInt16) { $0 + UInt16($1) }
    guard sum == frame.word(at: frameCount - 2) else { throw .checksum("frame") }
  }
}

extension PMSA003I {
  /// What the driver is.
  public static let specification = DriverSpecification(
    name: "pmsa003i", revision: 1,
    summary: "Plantower PMSA003I: mass concentrations of particles in air",
    datasheet: "Plantower PMSA003I version 2.6",
    attachment: .i2c(addresses: [0x12].compactMap { I2CAddress($0) }),
    options: [],
    channels: [
      ParticulateMatter.channel("pm1", upTo: "1"),
      ParticulateMatter.channel("pm2-5", upTo: "2.5"),
      ParticulateMatter.channel("pm10", upTo: "10"),
    ],
    rawLayout: [RawString("frame of header, twelve words, version, error code and sum", bytes: 32)],
    stimuli: [])

  /// The number of bytes of a frame.
  static let frameCount = 32
  /// How a frame begins: two fixed characters, and that 28 bytes follow.
  static let header: [UInt8] = [0x42, 0x4D, 0x00, 0x1C]
  /// Where the first concentration under atmospheric environment stands.
  static let firstIndex = 10
  /// Where the error code stands.
  static let errorIndex = 29
}
