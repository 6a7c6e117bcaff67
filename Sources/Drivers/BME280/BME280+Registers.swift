extension BME280 {
  /// Register addresses (section 5.3, table 18).
  enum Register {
    /// 0x88 to 0xA1: temperature and pressure trimming, dig_H1 (section 4.2.2, table 16).
    static let firstTrimming: UInt8 = 0x88
    /// Identity (section 5.4.1).
    static let identity: UInt8 = 0xD0
    /// Soft reset (section 5.4.2).
    static let reset: UInt8 = 0xE0
    /// 0xE1 to 0xE7: the rest of the humidity trimming (section 4.2.2, table 16).
    static let secondTrimming: UInt8 = 0xE1
    /// ctrl_hum (section 5.4.3); status, ctrl_meas and config follow it.
    static let humidityControl: UInt8 = 0xF2
    /// status (section 5.4.4).
    static let status: UInt8 = 0xF3
    /// ctrl_meas (section 5.4.5).
    static let measurementControl: UInt8 = 0xF4
    /// config (section 5.4.6).
    static let configuration: UInt8 = 0xF5
    /// 0xF7 to 0xFE: pressure, temperature, humidity (sections 5.4.7 to 5.4.9).
    static let data: UInt8 = 0xF7
  }

  /// Identities (section 5.4.1; BST-BMP280-DS001 section 4.3.1 and its samples).
  enum Identity {
    static let bme280: UInt8 = 0x60
    static let bmp280: ClosedRange<UInt8> = 0x56...0x58
  }

  /// Words for the reset register (section 5.4.2).
  enum Command {
    static let reset: UInt8 = 0xB6
  }

  /// Bits of status (section 5.4.4).
  enum Status {
    /// A conversion is running.
    static let measuring: UInt8 = 0x08
    /// The trimming bytes are being copied from memory to the registers.
    static let copying: UInt8 = 0x01
  }

  /// Mode bits of ctrl_meas (section 5.4.5, table 25).
  enum Mode {
    static let mask: UInt8 = 0x03
    static let forced: UInt8 = 0x01
  }

  /// Bits that are settings; the others are reserved.
  enum SettingBits {
    static let humidityControl: UInt8 = 0x07
    static let measurementControl: UInt8 = 0xFC
    static let configuration: UInt8 = 0xFD
  }

  /// Times.
  enum Timing {
    /// The start-up time is 2 ms (section 1.1, table 1); the field has seen empty trimming
    /// registers at that time, so the driver allows five times as much.
    static let afterReset = Duration.milliseconds(10)
  }

  /// What a data register holds where its quantity was not measured (sections 5.4.7 to 5.4.9).
  enum Skipped {
    static let pressure: UInt32 = 0x80000
    static let temperature: UInt32 = 0x80000
    static let humidity: UInt32 = 0x8000
  }

  /// The number of data bytes.
  static let dataCount = 8
}
