/// All drivers, in the order of their names.
public enum DriverCatalogue {
  /// The drivers of chips on I2C buses.
  public static let i2c: [any I2CSensor.Type] = [
    ACS37800.self,
    ADE7953.self,
    ADS1015.self,
    ADS1115.self,
    AHT10.self,
    AHT20.self,
    BH1750.self,
    BME280.self,
    BME680.self,
    BME688.self,
    BMP280.self,
    DPS310.self,
    HDC1080.self,
    HDC302x.self,
    HTU21D.self,
    INA219.self,
    INA226.self,
    INA228.self,
    INA237.self,
    INA238.self,
    INA260.self,
    INA3221.self,
    LM75.self,
    LTC2945.self,
    MAX17043.self,
    MCP9808.self,
    MLX90614.self,
    PAC1931.self,
    PAC1932.self,
    PAC1933.self,
    PAC1934.self,
    PMSA003I.self,
    SCD30.self,
    SCD4x.self,
    SEN5x.self,
    SGP40.self,
    SGP41.self,
    SHT3x.self,
    SHT4x.self,
    Si7021.self,
    SPS30.self,
    TMP102.self,
    TMP117.self,
    VEML7700.self,
  ]

  /// The drivers of things on input lines.
  public static let line: [any LineSensor.Type] = [PulseCounter.self, ZeroCrossing.self]

  /// The drivers of chips that a driver of the Linux kernel owns.
  public static let kernel: [any KernelSensor.Type] = [HWMONSensor.self, IIOSensor.self]

  /// Every driver, in the order of the names.
  public static var all: [any SensorDriver.Type] {
    (i2c as [any SensorDriver.Type] + line + kernel).sorted {
      $0.specification.name < $1.specification.name
    }
  }

  /// The driver behind a name of the board file.
  public static func driver(named name: String) -> (any SensorDriver.Type)? {
    all.first { $0.specification.name == name }
  }
}
