public import Buses
public import Configuration

/// Analog Devices ADE7953: alternating voltage, two currents, powers, energies and frequency of one
/// phase over I2C.
///
/// What a code is worth depends on the dividers and transformers of the board, so the board file
/// says how many codes are a volt and an ampere; powers and energies follow by the chip's own
/// constants. Accuracy: 0.1 % of energy and 0.2 % of the rest, after such a calibration.
///
/// The chip measures without end. Energy is what flowed since the measurement before, for reading
/// a register of energy clears it; at full scale it holds 40 s. Address 0x38. Registers have
/// addresses of two bytes, so an adapter that can only do SMBus will not do.
///
/// The chip's identity is a version that is not zero and a threshold that has its default, which
/// nobody has a reason to change.
///
/// Source: Analog Devices ADE7953 Rev. C. Table and page numbers are that document's.
public struct ADE7953: I2CSensor {
  let address: I2CAddress
  let settings: Settings

  /// A driver for the chip at an address, with the board's scales and gains.
  public init(options: OptionValues, address: I2CAddress) throws(OptionConflict) {
    self.address = address
    settings = try Settings(options)
  }

  /// The time between two results (page 37).
  public var conversionTime: Duration { .microseconds(143) }

  /// Checks the version and the default of a threshold (tables 13 and 15).
  public mutating func identify<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) {
    let version = try read(.version, on: &bus)
    let threshold = try read(.threshold, on: &bus)
    guard version != [0], threshold == [0x00, 0xE4, 0x19] else {
      throw .wrongIdentity(
        found: "version \(version[0].hexadecimal), threshold "
          + threshold.map(\.hexadecimal).joined(separator: " "),
        expected: "a version, and 0x00 0xe4 0x19")
    }
  }

  /// Makes the chip start afresh (table 18), which it may do before it takes the last byte.
  public mutating func reset<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) -> Duration {
    do {
      try bus.write(Register.configuration.bytes + [0x80, 0x84], to: address)
    } catch {
      guard error.isRefusalOfAddress || error.kind == .noAcknowledgeOfData else {
        throw .bus(error)
      }
    }
    return .milliseconds(110)
  }

  /// Locks the chip to I2C, unlocks and sets the register without which it is less accurate (page
  /// 18), writes the gains, and clears flags and energies.
  ///
  /// Returns how long the mean squares need to settle.
  public mutating func configure<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) -> Duration {
    // High-pass filters on, nothing else.
    try bus.send(Register.configuration.bytes + [0x00, 0x04], to: address)
    try bus.send(Register.unlock.bytes + [0xAD], to: address)
    try bus.send(Register.optimum.bytes + [0x00, 0x30], to: address)
    for (register, gain) in zip(Register.gains, settings.gains) {
      try bus.send(register.bytes + [gain], to: address)
    }
    for register in Register.results where register.isClearedByReading {
      _ = try read(register, on: &bus)
    }
    return .seconds(1)
  }

  /// Starts nothing.
  public mutating func begin<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) -> Duration {
    .zero
  }

  /// Fetches flags, period, voltage, and for both currents the mean square, three powers, the power
  /// factor and the energy.
  ///
  /// Throws `wasReset` where the flag of a reset is set, and leaves it set.
  public mutating func fetch<Bus: I2CBus & ~Copyable>(
    from bus: inout Bus
  ) throws(DriverFailure) -> [[UInt8]] {
    let flags = try read(.flags, on: &bus)
    guard flags.number & Flags.reset == 0 else { throw .wasReset("reset flag is set") }
    var raw: [[UInt8]] = []
    for register in Register.results {
      raw.append(try read(register, on: &bus))
    }
    return raw
  }

  private func read<Bus: I2CBus & ~Copyable>(
    _ register: Register, on bus: inout Bus
  ) throws(DriverFailure) -> [UInt8] {
    try bus.receive(register.count, after: register.bytes, from: address)
  }
}
