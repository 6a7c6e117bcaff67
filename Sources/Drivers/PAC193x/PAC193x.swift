public import Buses
public import Configuration

/// Microchip PAC1931 to PAC1934: one to four direct voltages, currents, powers and energies over
/// I2C.
///
/// Ranges: 0 to 32 V in steps of 488 uV, 0 to 100 mV across each shunt in steps of 1.5 uV; with
/// `bidirectional` the same below zero, in steps twice as large. Accuracy: 0.2 % of voltage, 1 % of
/// power; the shunts' own tolerances come on top.
///
/// The chip samples without end and adds powers up. `begin` makes it publish what it has and begin
/// to add from zero: voltage and current are averages of the last eight samples, power is the
/// average since the measurement before, and energy is what flowed since then. So at 1024 samples
/// in a second the time between two measurements must stay below 17 minutes at full scale.
/// Addresses 0x10 to 0x1F by a resistor at ADDRSEL.
///
/// Source: Microchip DS20005850E. Register numbers are that document's (table 6-1).
public struct PAC193x<Chip: PAC193xChip>: I2CSensor {
  let address: I2CAddress
  let settings: PAC193xSettings

  /// A driver for the chip at an address, with its shunts, its rate and its directions.
  public init(options: OptionValues, address: I2CAddress) throws(OptionConflict) {
    self.address = address
    settings = try PAC193xSettings(options, channels: Chip.channels)
  }

  /// What the driver is.
  public static var specification: DriverSpecification { Chip.specification }

  /// The time from the command to publish until the registers are stable.
  public var conversionTime: Duration { PAC193xSettings.refreshTime }

  /// Checks the product's and the maker's identities (registers 0xFD and 0xFE).
  public mutating func identify<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) {
    let product = try bus.byte(PAC193xRegister.product, of: address)
    let maker = try bus.byte(PAC193xRegister.maker, of: address)
    // The products are numbered by their channels.
    let expected = 0x57 + UInt8(Chip.channels)
    guard product == expected, maker == 0x5D else {
      throw .wrongIdentity(
        found: "product \(product.hexadecimal), maker \(maker.hexadecimal)",
        expected: "\(expected.hexadecimal), 0x5d")
    }
  }

  /// Writes the settings, clears the mark of the supply's rise, and makes the settings take effect.
  ///
  /// Returns how long the averages need, and the sample in progress at the slowest rate before.
  public mutating func configure<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) -> Duration {
    try bus.set(PAC193xRegister.control, to: settings.control, of: address)
    try bus.set(PAC193xRegister.disabled, to: settings.disabled, of: address)
    try bus.set(PAC193xRegister.slow, to: UInt8(0), of: address)
    try refresh(on: &bus)
    return .milliseconds(130 + 9000 / settings.rate)
  }

  /// Makes the chip publish what it has, and begin to add from zero (register 0x00).
  public mutating func begin<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) -> Duration {
    try refresh(on: &bus)
    return PAC193xSettings.refreshTime
  }

  /// Fetches the settings that were in effect, the totals and the averages.
  ///
  /// Throws `wasReset` where the mark of the supply's rise is set, or a setting is not as written.
  public mutating func fetch<Bus: I2CBus & ~Copyable>(
    from bus: inout Bus
  ) throws(DriverFailure) -> [[UInt8]] {
    let lengths = Self.specification.rawLayout.map(\.count)
    let status = try bus.receive(lengths[0], after: [PAC193xRegister.disabled], from: address)
    guard status[2] & PAC193xSettings.powerOn == 0 else {
      throw .wasReset("power-on flag is set")
    }
    guard
      status[3] & 0xF0 == settings.control, status[4] & 0xF0 == settings.disabled,
      status[5] == settings.directions
    else {
      throw .wasReset(
        "settings are \(status[3].hexadecimal), \(status[4].hexadecimal), "
          + status[5].hexadecimal)
    }
    return [
      status, try bus.receive(lengths[1], after: [PAC193xRegister.totals], from: address),
      try bus.receive(lengths[2], after: [PAC193xRegister.averages], from: address),
    ]
  }

  /// What the registers mean, with the settings that are among them.
  ///
  /// Throws `malformed` where the number of bytes is wrong.
  public func decode(_ raw: [[UInt8]]) throws(DriverFailure) -> Measurement {
    try requireLayout(raw)
    return settings.measurement(raw)
  }

  private func refresh<Bus: I2CBus & ~Copyable>(on bus: inout Bus) throws(DriverFailure) {
    // Revisions 2 and 3 lose the directions at a refresh unless they are written around it
    // (errata DS80000836A).
    try bus.set(PAC193xRegister.directions, to: settings.directions, of: address)
    try bus.send([PAC193xRegister.refresh], to: address)
    try bus.set(PAC193xRegister.directions, to: settings.directions, of: address)
  }
}

/// A chip that `PAC193x` drives.
public protocol PAC193xChip: Sendable {
  /// What its driver is.
  static var specification: DriverSpecification { get }
  /// How many channels it has.
  static var channels: Int { get }
}

/// The PAC1931.
public enum PAC1931Chip: PAC193xChip {
  /// What its driver is.
  public static let specification = PAC193xSettings.specification(channels: channels)
  /// How many channels it has.
  public static let channels = 1
}

/// The PAC1932.
public enum PAC1932Chip: PAC193xChip {
  /// What its driver is.
  public static let specification = PAC193xSettings.specification(channels: channels)
  /// How many channels it has.
  public static let channels = 2
}

/// The PAC1933.
public enum PAC1933Chip: PAC193xChip {
  /// What its driver is.
  public static let specification = PAC193xSettings.specification(channels: channels)
  /// How many channels it has.
  public static let channels = 3
}

/// The PAC1934.
public enum PAC1934Chip: PAC193xChip {
  /// What its driver is.
  public static let specification = PAC193xSettings.specification(channels: channels)
  /// How many channels it has.
  public static let channels = 4
}

/// Microchip PAC1931.
public typealias PAC1931 = PAC193x<PAC1931Chip>
/// Microchip PAC1932.
public typealias PAC1932 = PAC193x<PAC1932Chip>
/// Microchip PAC1933.
public typealias PAC1933 = PAC193x<PAC1933Chip>
/// Microchip PAC1934.
public typealias PAC1934 = PAC193x<PAC1934Chip>
