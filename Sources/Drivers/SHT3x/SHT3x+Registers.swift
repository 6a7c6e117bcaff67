extension SHT3x {
  /// Commands of 16 bits, the most significant byte first.
  enum Command {
    /// Soft reset (section 4.9, table 14).
    static let reset: [UInt8] = [0x30, 0xA2]
    /// Read the status register (section 4.11, table 17).
    static let readStatus: [UInt8] = [0xF3, 0x2D]
    /// Clear the status register (section 4.11, table 19).
    static let clearStatus: [UInt8] = [0x30, 0x41]
  }

  /// Bits of the status register (section 4.11, table 18).
  enum Status {
    /// A reset, or a failure of the supply, since the status was cleared.
    static let wasReset: UInt16 = 0x0010
  }

  /// Times (section 2.2; the larger maxima, which hold down to 2.15 V).
  enum Timing {
    /// The soft reset's time.
    static let afterReset = Duration.microseconds(1500)
    /// The time that must pass between two commands (section 4.3, table 9).
    static let betweenCommands = Duration.milliseconds(1)
  }

  /// The number of bytes of a word with its checksum.
  static let wordCount = 3
  /// The number of bytes of a measurement.
  static let dataCount = 6

  /// The checksum of a word (section 4.12, table 20).
  static let checksum = CRC8.sensirion
}
