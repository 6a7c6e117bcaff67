import Configuration

extension INA219 {
  /// Register addresses (section 8.6.1, table 2); two bytes each, the high one first.
  enum Register {
    static let configuration: UInt8 = 0x00
    static let shuntVoltage: UInt8 = 0x01
    static let busVoltage: UInt8 = 0x02
    static let power: UInt8 = 0x03
    static let current: UInt8 = 0x04
    static let calibration: UInt8 = 0x05
  }

  /// Bits of the configuration register (section 8.6.2.1).
  enum Configuration {
    /// Resets all registers; clears itself.
    static let reset: UInt16 = 0x8000
    /// The reset bit and an unused one read as zero.
    static let alwaysZero: UInt16 = 0xC000
    /// Shunt and bus, triggered; with these bits zero the chip rests.
    static let triggered: UInt16 = 0x0003
  }

  /// Bits of the bus voltage register (section 8.6.3.2).
  enum BusVoltage {
    /// The measurement is done.
    static let ready: UInt16 = 0x0002
    /// Current or power are out of range.
    static let overflow: UInt16 = 0x0001
    /// Between voltage and flags.
    static let alwaysZero: UInt16 = 0x0004
  }

  /// Times.
  enum Timing {
    /// The data sheet gives no time for a reset; this is well above its 40 us after rest.
    static let afterReset = Duration.milliseconds(1)
    /// Recovery from rest (section 8.6.2.1).
    static let afterRest = Duration.microseconds(40)
  }

  /// The sampling options as the registers want them.
  struct Sampling: Hashable, Sendable {
    /// The configuration register with the chip at rest (section 8.6.2.1).
    let configuration: UInt16
    /// The calibration register (section 8.6.4.1).
    let calibration: UInt16
    /// The shunt register at the end of its range (section 8.6.3.1).
    let shuntSteps: UInt16
    /// The bus voltage, in steps, at the end of its range (section 8.6.3.2).
    let busSteps: Int128
    /// The longest time of a measurement.
    let conversionTime: Duration

    /// Numbers of samples of 12 bits, by code, to which 8 is added (section 8.6.2.1, table 5).
    static let averages = [1, 2, 4, 8, 16, 32, 64, 128]

    init(_ options: OptionValues) throws(OptionConflict) {
      let gain = try options.step(
        "shunt-range",
        among: [
          "40 mV": 40_000_000, "80 mV": 80_000_000, "160 mV": 160_000_000, "320 mV": 320_000_000,
        ])
      let range = try options.step(
        "bus-range", among: ["16 V": 16_000_000_000, "32 V": 32_000_000_000])
      let averaging = try options.code("averaging", among: Self.averages.map { String($0) })
      let converter = UInt16(8 + averaging)
      configuration =
        UInt16(range) << 13 | UInt16(gain) << 11 | converter << 7 | converter << 3
      // With 4096 the current register counts like the shunt register; with twice that, two steps
      // for every one of those, of which there are half as many (section 8.5.1, equation 4).
      calibration = 32768 >> UInt16(gain)
      shuntSteps = 4000 << UInt16(gain)
      busSteps = 4000 << Int128(range)
      // Bus and shunt, each 586 us a sample at most (section 6.5).
      conversionTime = .microseconds(2 * 586 * Self.averages[averaging])
    }
  }
}
