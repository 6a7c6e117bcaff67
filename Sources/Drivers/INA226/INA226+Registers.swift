extension INA226 {
  /// Register addresses (section 7.6, table 4); every register has two bytes, the high one first.
  enum Register {
    /// Configuration (section 7.6.1).
    static let configuration: UInt8 = 0x00
    /// Shunt voltage, bus voltage, power, current (sections 7.6.2 to 7.6.5).
    static let results: [UInt8] = [0x01, 0x02, 0x03, 0x04]
    /// Calibration (section 7.6.6).
    static let calibration: UInt8 = 0x05
    /// Mask/enable, which holds the flags (section 7.6.7).
    static let flags: UInt8 = 0x06
    /// Manufacturer identity (section 7.6.9).
    static let maker: UInt8 = 0xFE
    /// Die identity (section 7.6.10).
    static let die: UInt8 = 0xFF
  }

  /// Identities; the die's lowest four bits are its revision (section 7.6.10).
  enum Identity {
    static let maker: UInt16 = 0x5449
    static let die: UInt16 = 0x2260
    static let dieMask: UInt16 = 0xFFF0
  }

  /// Bits of the configuration register (section 7.6.1).
  enum Configuration {
    /// Resets all registers; clears itself.
    static let reset: UInt16 = 0x8000
    /// Bit 14 reads as one after a reset and is written so.
    static let fixed: UInt16 = 0x4000
    /// Shunt and bus, triggered; with these bits zero the chip rests.
    static let triggered: UInt16 = 0x0003
  }

  /// Bits of the mask/enable register (section 7.6.7).
  enum Flags {
    /// All averages are in the result registers.
    static let ready: UInt16 = 0x0008
    /// An overflow made current or power invalid.
    static let overflow: UInt16 = 0x0004
  }

  /// Times.
  enum Timing {
    /// The data sheet gives no time for a reset; this is well above its 40 us after rest.
    static let afterReset = Duration.milliseconds(1)
    /// Recovery from rest (section 7.6.1).
    static let afterRest = Duration.microseconds(40)
  }

  /// Conversion times in microseconds, by code: as named, and at most (section 6.5).
  static let conversionTimes: [(nominal: Int, longest: Int)] = [
    (140, 154), (204, 224), (332, 365), (588, 646), (1100, 1210), (2116, 2328), (4156, 4572),
    (8244, 9068),
  ]

  /// Numbers of samples, by code (section 7.6.1, table 6).
  static let averages = [1, 4, 16, 64, 128, 256, 512, 1024]
}
