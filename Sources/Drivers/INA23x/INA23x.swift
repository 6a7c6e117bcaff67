public import Buses
public import Configuration

/// Texas Instruments INA237 and INA238: direct voltage, current and power over I2C, with 16 bits;
/// INA228: the same with 20 bits, and totals of energy and charge.
///
/// Ranges: bus voltage 0 to 85 V in steps of 3.125 mV (INA228: 195.3125 uV), voltage across the
/// shunt up to 163.84 mV or 40.96 mV in steps of 5 uV or 1.25 uV (INA228: a sixteenth of that),
/// either direction of current, -40 to 125 degrees Celsius at the die. Accuracy (INA228): 0.05 %
/// of the current and of the voltage; the shunt's own tolerance comes on top.
///
/// The INA237 and INA238 are used in triggered mode. The INA228 runs without end, for only so do
/// its totals grow; they begin at zero when the driver resets the chip. The latch bit of the
/// diagnostic register is set: with it the conversion-ready flag falls when it is read, so a
/// result is never taken twice, and without it the chip was reset.
///
/// The shunt calibration register is always 4096, with which the current register counts exactly
/// like the shunt voltage register, so no rounded step comes between. Addresses 0x40 to 0x4F by
/// the wiring of A0 and A1.
///
/// Source: Texas Instruments SLYS021A (INA228), SBOSA20B (INA238), SBOSA20A (INA237). Section
/// numbers are those of SLYS021A.
public struct INA23x<Chip: INA23xChip>: I2CSensor {
  let address: I2CAddress
  let settings: INA23xSettings

  /// A driver for the chip at an address, with its shunt, its range and its sampling options.
  public init(options: OptionValues, address: I2CAddress) throws(OptionConflict) {
    self.address = address
    settings = try INA23xSettings(options)
  }

  /// What the driver is.
  public static var specification: DriverSpecification { Chip.specification }

  /// The longest time of one measurement with the chosen averaging (section 6.5).
  public var conversionTime: Duration { settings.conversionTime }

  /// Checks the maker's and the chip's identities (sections 7.6.1.17 and 7.6.1.18).
  public mutating func identify<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) {
    let maker = try bus.word(INA23xRegister.maker, of: address)
    guard maker == 0x5449 else {
      throw .wrongIdentity(found: "maker \(maker.hexadecimal)", expected: "0x5449")
    }
    let device = try bus.word(INA23xRegister.device, of: address)
    // The lowest four bits are the revision.
    guard Chip.devices.contains(device >> 4) else {
      throw .wrongIdentity(
        found: "device \(device.hexadecimal)",
        expected: Chip.devices.map { ($0 << 4).hexadecimal }.joined(separator: " or "))
    }
  }

  /// Makes the chip start afresh, which clears its totals (section 7.6.1.1).
  public mutating func reset<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) -> Duration {
    try bus.set(INA23xRegister.configuration, to: UInt16(0x8000), of: address)
    // Above the 300 us that the chip needs from its supply's rise (section 6.5).
    return .milliseconds(1)
  }

  /// Writes range, calibration, the latch bit and, where the chip is to run without end, the
  /// sampling settings.
  public mutating func configure<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) -> Duration {
    try bus.set(INA23xRegister.configuration, to: settings.configuration, of: address)
    try bus.set(INA23xRegister.calibration, to: INA23xSettings.calibration, of: address)
    try bus.set(INA23xRegister.diagnosis, to: INA23xDiagnosis.latch, of: address)
    guard Chip.isWide else { return .zero }
    try bus.set(
      INA23xRegister.sampling, to: settings.sampling | INA23xSettings.continuous, of: address)
    return .zero
  }

  /// Starts one measurement, or lets the chip that runs without end finish its next (section
  /// 7.6.1.2).
  public mutating func begin<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) -> Duration {
    if !Chip.isWide {
      try bus.set(
        INA23xRegister.sampling, to: settings.sampling | INA23xSettings.triggered, of: address)
    }
    return settings.conversionTime
  }

  /// Fetches the diagnostic register and the registers of the measurement.
  ///
  /// Throws `wasReset` where the latch bit is gone, `checksum` where the chip says that its trim
  /// memory is damaged, and `notReady` while the chip measures.
  public mutating func fetch<Bus: I2CBus & ~Copyable>(
    from bus: inout Bus
  ) throws(DriverFailure) -> [[UInt8]] {
    let flags = try bus.receive(2, after: [INA23xRegister.diagnosis], from: address)
    guard flags.word(at: 0) & INA23xDiagnosis.latch != 0 else {
      throw .wasReset("diagnostic register is \(flags.word(at: 0).hexadecimal)")
    }
    try INA23xDiagnosis.checkMemory(flags.word(at: 0))
    guard flags.word(at: 0) & INA23xDiagnosis.ready != 0 else { throw .notReady }
    var raw = [flags]
    for (register, string) in zip(INA23xRegister.results, Self.specification.rawLayout.dropFirst())
    {
      raw.append(try bus.receive(string.count, after: [register], from: address))
    }
    return raw
  }

  /// What the registers of a measurement mean, by the chip's formulas.
  ///
  /// Throws `malformed` where the number of bytes is wrong, `checksum` where the chip says that
  /// its trim memory is damaged.
  public func decode(_ raw: [[UInt8]]) throws(DriverFailure) -> Measurement {
    try requireLayout(raw)
    let flags = raw[0].word(at: 0)
    try INA23xDiagnosis.checkMemory(flags)
    return settings.measurement(raw, flags: flags, isWide: Chip.isWide)
  }
}

/// A chip that `INA23x` drives.
public protocol INA23xChip: Sendable {
  /// What its driver is.
  static var specification: DriverSpecification { get }
  /// What its device register holds above the revision.
  static var devices: [UInt16] { get }
  /// Whether it has results of 20 bits, and sums up energy and charge.
  static var isWide: Bool { get }
}

/// The INA228.
public enum INA228Chip: INA23xChip {
  /// What its driver is.
  public static let specification = INA23xSettings.specification("228", isWide: true)
  /// What its device register holds above the revision.
  public static let devices: [UInt16] = [0x228]
  /// It has results of 20 bits and totals.
  public static let isWide = true
}

/// The INA237.
public enum INA237Chip: INA23xChip {
  /// What its driver is.
  public static let specification = INA23xSettings.specification("237", isWide: false)
  /// What its device register holds above the revision: the data sheet has no such register, and
  /// some chips answer with the name of their better twin.
  public static let devices: [UInt16] = [0x237, 0x238, 0x000, 0xFFF]
  /// It has results of 16 bits and no totals.
  public static let isWide = false
}

/// The INA238.
public enum INA238Chip: INA23xChip {
  /// What its driver is.
  public static let specification = INA23xSettings.specification("238", isWide: false)
  /// What its device register holds above the revision.
  public static let devices: [UInt16] = [0x238]
  /// It has results of 16 bits and no totals.
  public static let isWide = false
}

/// Texas Instruments INA228.
public typealias INA228 = INA23x<INA228Chip>
/// Texas Instruments INA237.
public typealias INA237 = INA23x<INA237Chip>
/// Texas Instruments INA238.
public typealias INA238 = INA23x<INA238Chip>
