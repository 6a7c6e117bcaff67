extension DPS310 {
  /// Register addresses (section 7).
  enum Register {
    /// 0x00 to 0x05: pressure, temperature.
    static let results: UInt8 = 0x00
    /// PRS_CFG, TMP_CFG, CFG_REG.
    static let settings: [UInt8] = [0x06, 0x07, 0x09]
    /// MEAS_CFG.
    static let measurement: UInt8 = 0x08
    static let reset: UInt8 = 0x0C
    static let identity: UInt8 = 0x0D
    /// 0x10 to 0x21.
    static let coefficients: UInt8 = 0x10
    /// COEF_SRCE: its highest bit is the temperature element of the coefficients.
    static let source: UInt8 = 0x28
    /// Not in the data sheet; bit 1 is set in a chip that needs no mending.
    static let fuse: UInt8 = 0x32
  }

  /// MEAS_CFG (section 8.5).
  enum State {
    /// The coefficients are readable, and the chip has started.
    static let started: UInt8 = 0xC0
    /// There are results of temperature and pressure.
    static let ready: UInt8 = 0x30
    static let control: UInt8 = 0x07
    static let standby: UInt8 = 0x00
    /// Temperature and pressure, again and again.
    static let background: UInt8 = 0x07
  }

  /// Revision 1 of product 0 (section 8.10).
  static let identity: UInt8 = 0x10
  /// The word for a soft reset (section 8.9).
  static let softReset: UInt8 = 0x09

  /// The maker's sequence for chips that read 60 degrees at room temperature.
  static let mending: [(UInt8, UInt8)] = [
    (0x0E, 0xA5), (0x0F, 0x96), (0x62, 0x02), (0x0E, 0x00), (0x0F, 0x00),
  ]
}
