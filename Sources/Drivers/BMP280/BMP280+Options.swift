import Buses
import Configuration
import Quantities

extension BMP280 {
  /// What the driver is.
  public static let specification = DriverSpecification(
    name: "bmp280", revision: 1,
    summary: "Bosch BMP280: temperature and air pressure",
    datasheet: "Bosch Sensortec BST-BMP280-DS001",
    attachment: .i2c(addresses: [0x76, 0x77].compactMap { I2CAddress($0) }),
    options: [
      OptionSpecification(
        "temperature-oversampling", .choice(BME280.Settings.samples), .standard("1"),
        help: "Samples averaged into one temperature; each takes up to 2.3 ms"),
      OptionSpecification(
        "pressure-oversampling", .choice(BME280.Settings.samples), .standard("1"),
        help: "Samples averaged into one pressure; each takes up to 2.3 ms"),
      OptionSpecification(
        "filter", .choice(BME280.Settings.filters), .standard("off"),
        help: "Coefficient of the chip's low-pass over temperatures and pressures"),
    ],
    channels: [
      ChannelSpecification(
        "temperature", .celsius, resolution: 10_000_000,
        range: -40_000_000_000...85_000_000_000,
        help: "Temperature of the chip, a little above that of the air"),
      ChannelSpecification(
        "pressure", .pascal, resolution: 160_000_000,
        range: 30_000_000_000_000...110_000_000_000_000,
        help: "Air pressure at the place of the chip, not reduced to sea level"),
    ],
    rawLayout: [RawString("registers 0xF7 to 0xFC: pressure, temperature", bytes: 6)],
    stimuli: [])

  /// The sampling options as the registers want them.
  struct Settings: Hashable, Sendable {
    /// ctrl_meas in sleep mode (section 4.3.4).
    let measurementControl: UInt8
    /// config (section 4.3.5).
    let configuration: UInt8
    /// The longest time of a measurement.
    let conversionTime: Duration

    init(_ options: OptionValues) throws(OptionConflict) {
      let samples = BME280.Settings.samples
      let temperature = UInt8(try options.code("temperature-oversampling", among: samples)) + 1
      let pressure = UInt8(try options.code("pressure-oversampling", among: samples)) + 1
      let filter = UInt8(try options.code("filter", among: BME280.Settings.filters))
      measurementControl = temperature << 5 | pressure << 2
      configuration = filter << 2
      // 1.25 ms + 2.3 ms a sample + 0.575 ms, which gives table 13's longest times (section 3.8.1).
      let count = 1 << Int(temperature - 1) + 1 << Int(pressure - 1)
      conversionTime = .microseconds(1250 + 2300 * count + 575)
    }

    /// Throws `wasReset` where the registers do not hold these settings any more.
    func check(_ measurementControl: UInt8, configuration: UInt8) throws(DriverFailure) {
      let registers = [
        (
          "ctrl_meas", measurementControl & BME280.SettingBits.measurementControl,
          self.measurementControl
        ),
        ("config", configuration & BME280.SettingBits.configuration, self.configuration),
      ]
      for (name, found, expected) in registers where found != expected {
        throw .wasReset("\(name) is \(found.hexadecimal), was set to \(expected.hexadecimal)")
      }
    }
  }
}
