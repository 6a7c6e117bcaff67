/// All drivers, in the order of their names.
public enum DriverCatalogue {
  /// The drivers of chips on I2C buses.
  public static let i2c: [any I2CSensor.Type] = [
    ACS37800.self,
    ADE7953.self,
    ADS1015.self,
    ADS1115.self,
    BME280.self,
    INA219.self,
    INA226.self,
    INA228.self,
    INA237.self,
    INA238.self,
    INA260.self,
    INA3221.self,
    LTC2945.self,
    MAX17043.self,
    PAC1931.self,
    PAC1932.self,
    PAC1933.self,
    PAC1934.self,
    SHT3x.self,
    SHT4x.self,
  ]

  /// The drivers of things on input lines.
  public static let line: [any LineSensor.Type] = [PulseCounter.self, ZeroCrossing.self]

  /// Every driver, in the order of the names.
  public static var all: [any SensorDriver.Type] {
    (i2c as [any SensorDriver.Type] + line).sorted {
      $0.specification.name < $1.specification.name
    }
  }

  /// The driver behind a name of the board file.
  public static func driver(named name: String) -> (any SensorDriver.Type)? {
    all.first { $0.specification.name == name }
  }
}
