public import Buses
public import Configuration
import Quantities

/// Vishay VEML7700 and VEML6030: illuminance over I2C.
///
/// Range: 0 to 140 klx with the smallest gain and a short integration time, in steps from 0.0042
/// lx. Address 0x10; a VEML6030 with ADDR at the supply has 0x48.
///
/// The chip has no single shot and no flag; so the driver keeps it shut down, wakes it for twice
/// the integration time, and shuts it down again. A chip that was reset is shut down, which tells
/// it apart.
///
/// Source: Vishay 84286 (VEML7700) and application note 84323. The steps are those of revisions since
/// the end of 2023; before, they were said to be 0.0036 lx. Linux drivers/iio/light/veml6030.c and
/// Adafruit's library have the newer ones too.
public struct VEML7700: I2CSensor {
  let address: I2CAddress
  let gain: Gain
  let integration: IntegrationTime

  /// A driver for the chip at an address, with its gain and integration time.
  public init(options: OptionValues, address: I2CAddress) throws(OptionConflict) {
    self.address = address
    gain = try options.choice("gain")
    integration = try IntegrationTime(options)
  }

  /// Twice the integration time, for the data sheet has no tolerance, and 4 ms for the wake-up,
  /// which takes 2.5 ms (application note, "power on").
  public var conversionTime: Duration { .milliseconds(2 * integration.milliseconds + 4) }

  /// Checks the chip's identity (84286 table 8), which chips of early revisions do not have; of
  /// such a chip the reserved bits must be zero.
  public mutating func identify<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) {
    let identity = try bus.receive(2, after: [Register.identity], from: address).littleWord(at: 0)
    // The upper byte is the variant of the address.
    guard identity & 0x00FF != Self.identity else { return }
    let control = try bus.receive(2, after: [Register.control], from: address).littleWord(at: 0)
    let saving = try bus.receive(2, after: [Register.saving], from: address).littleWord(at: 0)
    guard control & Control.reserved == 0, saving & Self.savingReserved == 0 else {
      throw .wrongIdentity(
        found: identity.hexadecimal, expected: "0x81 in the lower byte, or reserved bits of zero")
    }
  }

  /// Writes gain and integration time, shuts the chip down, and switches power saving off.
  public mutating func configure<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) -> Duration {
    try write(control | Control.shutdown, to: Register.control, on: &bus)
    try write(0, to: Register.saving, on: &bus)
    return .zero
  }

  /// Wakes the chip, which then integrates.
  public mutating func begin<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) -> Duration {
    try write(control, to: Register.control, on: &bus)
    return conversionTime
  }

  /// Fetches the two bytes of the light register and shuts the chip down.
  ///
  /// Throws `wasReset` where the chip does not run with the driver's settings.
  public mutating func fetch<Bus: I2CBus & ~Copyable>(
    from bus: inout Bus
  ) throws(DriverFailure) -> [[UInt8]] {
    let found = try bus.receive(2, after: [Register.control], from: address).littleWord(at: 0)
    guard found == control else {
      throw .wasReset("ALS_CONF is \(found.hexadecimal), was set to \(control.hexadecimal)")
    }
    let data = try bus.receive(2, after: [Register.light], from: address)
    try write(control | Control.shutdown, to: Register.control, on: &bus)
    return [data]
  }

  /// ALS_CONF of a chip that runs (84286 table 1).
  private var control: UInt16 { gain.code << 11 | integration.code << 6 }

  private func write<Bus: I2CBus & ~Copyable>(
    _ word: UInt16, to register: UInt8, on bus: inout Bus
  ) throws(DriverFailure) {
    try bus.send([register, UInt8(word & 0xFF), UInt8(word >> 8)], to: address)
  }
}

extension VEML7700 {
  /// Register addresses, each of a word with the low byte first (84286, command register format).
  enum Register {
    /// ALS_CONF_0.
    static let control: UInt8 = 0x00
    /// Power saving.
    static let saving: UInt8 = 0x03
    /// ALS, the light as the eye sees it.
    static let light: UInt8 = 0x04
    static let identity: UInt8 = 0x07
  }

  /// Bits of ALS_CONF_0 (84286 table 1).
  enum Control {
    static let shutdown: UInt16 = 0x0001
    static let reserved: UInt16 = 0xE40C
  }

  /// Reserved bits of the power saving register (84286 table 4).
  static let savingReserved: UInt16 = 0xFFF8

  /// The identity's lower byte (84286 table 8).
  static let identity: UInt16 = 0x0081
}
