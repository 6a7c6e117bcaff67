public import Buses
public import Configuration
import Quantities

/// Melexis MLX90614: temperature of an object by its infrared radiation, and of the sensor itself.
///
/// Ranges: objects -70 to 382 degrees Celsius, the sensor -40 to 125, in steps of 0.02 K. Accuracy:
/// 0.5 K around room temperature. Address 0x5A unless somebody wrote another into its memory. The
/// clock of its bus must not be above 100 kHz.
///
/// The chip measures all the time; it has no settings but those in its lasting memory (emissivity
/// and filters among them), which the driver leaves alone. So a reset has nothing to undo.
///
/// Every answer ends with a packet error code over all bytes of the exchange, addresses included.
/// The raw bytes hold them all, so a third party can check it again. The chip's identity is that
/// the code of its own address register is right.
///
/// Source: Melexis 3901090614, revision 8. Section numbers are that document's.
public struct MLX90614: I2CSensor {
  let address: I2CAddress

  /// A driver for the chip at an address.
  public init(options: OptionValues, address: I2CAddress) throws(OptionConflict) {
    self.address = address
  }

  /// No time, for the chip measures all the time.
  public var conversionTime: Duration { .zero }

  /// Checks the packet error code of the register that holds the chip's address (section 8.4.6).
  public mutating func identify<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) {
    let exchange = try read(Command.address, on: &bus)
    guard Self.hasRightCode(exchange) else {
      throw .wrongIdentity(
        found: exchange.map(\.hexadecimal).joined(separator: " "),
        expected: "a word and its packet error code")
    }
  }

  /// Waits for the first right values after power on; Linux allows the same time.
  public mutating func configure<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) -> Duration {
    .milliseconds(250)
  }

  /// Nothing to start, for the chip measures all the time.
  public mutating func begin<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) -> Duration {
    .zero
  }

  /// Fetches the temperatures, each with all bytes of its exchange.
  public mutating func fetch<Bus: I2CBus & ~Copyable>(
    from bus: inout Bus
  ) throws(DriverFailure) -> [[UInt8]] {
    [try read(Command.ambient, on: &bus), try read(Command.object, on: &bus)]
  }

  /// What two exchanges mean: 0.02 K a step above absolute zero (section 8.7).
  ///
  /// A word with its error flag, or outside of the chip's range, is a fault.
  ///
  /// Throws `checksum` where a packet error code is wrong, `malformed` where an exchange is not
  /// that of the register that it should be.
  public func decode(_ raw: [[UInt8]]) throws(DriverFailure) -> Measurement {
    try requireLayout(raw)
    var readings: [Reading] = []
    var faults: [ChannelFault] = []
    let parts = [
      ("temperature", Command.ambient, Limits.ambient),
      ("object-temperature", Command.object, Limits.object),
    ]
    for ((channel, command, limits), exchange) in zip(parts, raw) {
      guard Self.hasRightCode(exchange) else { throw .checksum("\(channel) exchange") }
      guard exchange[1] == command, exchange[2] == exchange[0] | 1 else {
        throw .malformed("\(channel) is not from register \(command.hexadecimal)")
      }
      let word = exchange.littleWord(at: 3)
      if word & Self.errorFlag != 0 {
        faults.append(ChannelFault(channel, cause: "error flag is set"))
      } else if !limits.contains(word) {
        faults.append(ChannelFault(channel, cause: "value is beyond the chip's range"))
      } else {
        let nano = Int128(word) * 20_000_000 - 273_150_000_000
        readings.append(Reading(channel, nano: nano, .celsius))
      }
    }
    return Measurement(readings, faults: faults)
  }

  /// All bytes of reading a word: address, command, address, low byte, high byte, code.
  private func read<Bus: I2CBus & ~Copyable>(
    _ command: UInt8, on bus: inout Bus
  ) throws(DriverFailure) -> [UInt8] {
    let written = UInt8(address.rawValue) << 1
    return [written, command, written | 1]
      + (try bus.receive(3, after: [command], from: address))
  }

  /// Whether the last byte is the packet error code of those before (section 8.4.3.1).
  private static func hasRightCode(_ exchange: [UInt8]) -> Bool {
    CRC8.packetError.of(exchange.dropLast()) == exchange.last
  }
}

extension MLX90614 {
  /// What the driver is.
  public static let specification = DriverSpecification(
    name: "mlx90614", revision: 1,
    summary: "Melexis MLX90614: temperature of an object by infrared, and of the sensor",
    datasheet: "Melexis 3901090614 revision 8",
    // Any address can be written into the chip.
    attachment: .i2c(addresses: (0x5A...0x5D).compactMap { I2CAddress($0) }),
    options: [],
    channels: [
      ChannelSpecification(
        "temperature", .celsius, resolution: 20_000_000,
        range: -40_000_000_000...125_000_000_000, help: "Temperature of the sensor"),
      ChannelSpecification(
        "object-temperature", .celsius, resolution: 20_000_000,
        range: -70_010_000_000...382_190_000_000,
        help: "Temperature of what the sensor sees, by the emissivity in its memory"),
    ],
    rawLayout: [
      RawString(
        "exchange of register 0x06: address, register, address, word from its low byte, code",
        bytes: 6),
      RawString(
        "exchange of register 0x07: address, register, address, word from its low byte, code",
        bytes: 6),
    ],
    stimuli: [])

  /// Commands: RAM addresses as they are, those of the memory with 0x20 (section 8.4.6).
  enum Command {
    /// T_A.
    static let ambient: UInt8 = 0x06
    /// T_OBJ1.
    static let object: UInt8 = 0x07
    /// The chip's own address.
    static let address: UInt8 = 0x2E
  }

  /// The words that the chip can mean (section 8.4.6; the sensor by its range).
  enum Limits {
    /// -40.01 to 125.01 degrees.
    static let ambient: ClosedRange<UInt16> = 11657...19908
    /// -70.01 to 382.19 degrees.
    static let object: ClosedRange<UInt16> = 0x27AD...0x7FFF
  }

  /// The error flag of a temperature (section 8.4.6).
  static let errorFlag: UInt16 = 0x8000
}
