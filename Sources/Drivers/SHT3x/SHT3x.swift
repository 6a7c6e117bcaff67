public import Buses
public import Configuration

/// Sensirion SHT30, SHT31 and SHT35: temperature and relative humidity over I2C.
///
/// Ranges: -45 to 130 degrees Celsius as coded, -40 to 125 in use, 0 to 100 %RH. Accuracy
/// (typical): SHT30 and SHT31 0.2 K and 2 %RH, SHT35 0.1 K and 1.5 %RH. Every word comes with a
/// checksum, which is kept in the raw bytes, so a third party can check it again.
///
/// The driver takes single shots without clock stretching, for not every adapter lets a device
/// hold the clock. The heater stays off, as a reset leaves it. The chip has no identity that all
/// of its revisions answer; a status word with a right checksum stands for it. Address 0x44 with
/// ADDR at ground, 0x45 with ADDR at the supply.
///
/// Source: Sensirion "Datasheet SHT3x-DIS", version 5 (May 2018) and later. Section numbers are
/// that document's.
public struct SHT3x: I2CSensor {
  let address: I2CAddress
  let repeatability: Repeatability

  /// A driver for the chip at an address, with its repeatability.
  public init(options: OptionValues, address: I2CAddress) throws(OptionConflict) {
    self.address = address
    repeatability = try options.choice("repeatability")
  }

  /// The longest time of one measurement with the chosen repeatability (section 2.2).
  public var conversionTime: Duration { repeatability.duration }

  /// Checks that the answer to the status command has a right checksum (section 4.11).
  public mutating func identify<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) {
    let answer = try bus.receive(Self.wordCount, after: Command.readStatus, from: address)
    guard answer[2] == Self.checksum.of(answer[0..<2]) else {
      throw .wrongIdentity(
        found: answer.map(\.hexadecimal).joined(separator: " "),
        expected: "a status word and its checksum")
    }
  }

  /// Makes the chip start afresh, which also switches its heater off (section 4.9).
  public mutating func reset<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) -> Duration {
    try bus.send(Command.reset, to: address)
    return Timing.afterReset
  }

  /// Clears the mark of the reset, so that the next one shows (section 4.11).
  public mutating func configure<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) -> Duration {
    try bus.send(Command.clearStatus, to: address)
    return Timing.betweenCommands
  }

  /// Starts one measurement (section 4.3).
  public mutating func begin<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) -> Duration {
    try bus.send(repeatability.command, to: address)
    return repeatability.duration
  }

  /// Fetches the six bytes of the measurement (section 4.4).
  ///
  /// Throws `wasReset` where the chip marks a reset, `checksum` where a word is damaged, and
  /// `notReady` where the chip refuses its address because it measures.
  public mutating func fetch<Bus: I2CBus & ~Copyable>(
    from bus: inout Bus
  ) throws(DriverFailure) -> [[UInt8]] {
    let data: [UInt8]
    do {
      data = try bus.read(Self.dataCount, from: address)
    } catch  where error.isRefusalOfAddress {
      // A chip that was reset has nothing to send either, but answers the status command.
      try checkForReset(whileSilent: true, on: &bus)
      throw .notReady
    } catch {
      throw .bus(error)
    }
    _ = try Self.words(of: data)
    try checkForReset(whileSilent: false, on: &bus)
    return [data]
  }

  private func checkForReset<Bus: I2CBus & ~Copyable>(
    whileSilent: Bool, on bus: inout Bus
  ) throws(DriverFailure) {
    let answer: [UInt8]
    do {
      answer = try bus.read(Self.wordCount, after: Command.readStatus, from: address)
    } catch {
      if whileSilent, error.isRefusalOfAddress { return }
      throw .bus(error)
    }
    guard answer[2] == Self.checksum.of(answer[0..<2]) else { throw .checksum("status word") }
    guard answer.word(at: 0) & Status.wasReset == 0 else {
      throw .wasReset("status is \(answer.word(at: 0).hexadecimal)")
    }
  }
}
