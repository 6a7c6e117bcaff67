import Buses
import Configuration
import Quantities

/// One of the two chips.
public protocol BME68xModel: Sendable {
  /// What the driver is.
  static var specification: DriverSpecification { get }
  /// How the chip measures gas.
  static var gas: BME68xGas { get }
}

/// How a chip measures gas.
public enum BME68xGas: Hashable, Sendable {
  /// BME680.
  case low
  /// BME688.
  case high

  /// The variant register (BME68x-Sensor-API, `BME68X_VARIANT_GAS_LOW` and `_HIGH`).
  var variant: UInt8 { self == .low ? 0x00 : 0x01 }

  /// The bytes from the status to the last one of the gas.
  var fieldCount: Int { self == .low ? 15 : 17 }

  /// run_gas in ctrl_gas_1 (the same, `BME68X_ENABLE_GAS_MEAS_L` and `_H`).
  var run: UInt8 { self == .low ? 0x10 : 0x20 }
}

/// The BME680.
public enum BME680Model: BME68xModel {
  /// How the chip measures gas.
  public static let gas = BME68xGas.low
  /// What the driver is.
  public static let specification = BME68xSettings.specification(
    "bme680", "BME680", datasheet: "Bosch Sensortec BST-BME680-DS001", last: "0x2B", gas)
}

/// The BME688.
public enum BME688Model: BME68xModel {
  /// How the chip measures gas.
  public static let gas = BME68xGas.high
  /// What the driver is.
  public static let specification = BME68xSettings.specification(
    "bme688", "BME688", datasheet: "Bosch Sensortec BST-BME688-DS000", last: "0x2D", gas)
}

/// Register addresses (section 5.2).
enum BME68xRegister {
  /// 0x1D to 0x2D: status, index, pressure, temperature, humidity, gas.
  static let field: UInt8 = 0x1D
  /// res_heat_0.
  static let heaterResistance: UInt8 = 0x5A
  /// gas_wait_0.
  static let heaterDuration: UInt8 = 0x64
  /// 0x70 to 0x75: ctrl_gas_0, ctrl_gas_1, ctrl_hum, status, ctrl_meas, config.
  static let firstControl: UInt8 = 0x70
  static let measurementControl: UInt8 = 0x74
  static let identity: UInt8 = 0xD0
  static let reset: UInt8 = 0xE0
  static let variant: UInt8 = 0xF0
  /// Where trimming bytes are, and how many (section 3.3).
  static let trimming: [(UInt8, Int)] = [(0x8A, 23), (0xE1, 14), (0x00, 5)]

  static let expectedIdentity: UInt8 = 0x61
  /// The word for the reset register (section 5.3.1).
  static let softReset: UInt8 = 0xB6
  /// Forced mode in ctrl_meas (section 5.3.1).
  static let forced: UInt8 = 0x01
}

/// The status byte before the data, meas_status_0 (section 5.3.5).
enum BME68xStatus {
  /// New data, gas being measured, anything being measured.
  static let mask: UInt8 = 0xE0
  static let new: UInt8 = 0x80
}
