import Buses
import Configuration
import Quantities

extension BME280 {
  /// What the driver is; the defaults are the data sheet's for weather (section 3.5.1).
  public static let specification = DriverSpecification(
    name: "bme280", revision: 1,
    summary: "Bosch BME280: temperature, relative humidity and air pressure",
    datasheet: "Bosch Sensortec BST-BME280-DS002 revision 1.6",
    attachment: .i2c(addresses: [0x76, 0x77].compactMap { I2CAddress($0) }),
    options: [
      OptionSpecification(
        "temperature-oversampling", .choice(Settings.samples), .standard("1"),
        help: "Samples averaged into one temperature; each takes up to 2.3 ms"),
      OptionSpecification(
        "humidity-oversampling", .choice(Settings.samples), .standard("1"),
        help: "Samples averaged into one humidity; each takes up to 2.3 ms"),
      OptionSpecification(
        "pressure-oversampling", .choice(Settings.samples), .standard("1"),
        help: "Samples averaged into one pressure; each takes up to 2.3 ms"),
      OptionSpecification(
        "filter", .choice(Settings.filters), .standard("off"),
        help: "Coefficient of the chip's low-pass over temperatures and pressures"),
    ],
    channels: [
      ChannelSpecification(
        "temperature", .celsius, resolution: 10_000_000,
        range: -40_000_000_000...85_000_000_000,
        help: "Temperature of the chip, a little above that of the air"),
      ChannelSpecification(
        "humidity", .relativeHumidity, resolution: 8_000_000, range: 0...100_000_000_000,
        help: "Relative humidity of the air"),
      ChannelSpecification(
        "pressure", .pascal, resolution: 180_000_000,
        range: 30_000_000_000_000...110_000_000_000_000,
        help: "Air pressure at the place of the chip, not reduced to sea level"),
    ],
    rawLayout: [RawString("registers 0xF7 to 0xFE: pressure, temperature, humidity", bytes: 8)],
    stimuli: ["temperature", "humidity", "pressure"])

  /// The sampling options as the registers want them.
  struct Settings: Hashable, Sendable {
    /// The numbers of samples, in the order of their codes from 1 (section 5.4.3, table 20).
    static let samples = ["1", "2", "4", "8", "16"]
    /// The filter's coefficients, in the order of their codes from 0 (section 5.4.6, table 28).
    static let filters = ["off", "2", "4", "8", "16"]

    /// ctrl_hum (section 5.4.3).
    let humidityControl: UInt8
    /// ctrl_meas in sleep mode (section 5.4.5).
    let measurementControl: UInt8
    /// config (section 5.4.6).
    let configuration: UInt8
    /// The longest time of a measurement (section 9.1).
    let conversionTime: Duration

    init(_ options: OptionValues) throws(OptionConflict) {
      let temperature = UInt8(try options.code("temperature-oversampling", among: Self.samples)) + 1
      let humidity = UInt8(try options.code("humidity-oversampling", among: Self.samples)) + 1
      let pressure = UInt8(try options.code("pressure-oversampling", among: Self.samples)) + 1
      let filter = UInt8(try options.code("filter", among: Self.filters))
      humidityControl = humidity
      measurementControl = temperature << 5 | pressure << 2
      configuration = filter << 2
      // 1.25 ms + 2.3 ms a sample + 0.575 ms for each of pressure and humidity.
      let count = [temperature, humidity, pressure].reduce(0) { $0 + 1 << Int($1 - 1) }
      conversionTime = .microseconds(1250 + 2300 * count + 2 * 575)
    }

    /// Throws `wasReset` where the registers do not hold these settings any more.
    func check(
      humidityControl: UInt8, _ measurementControl: UInt8, configuration: UInt8
    ) throws(DriverFailure) {
      let registers = [
        ("ctrl_hum", humidityControl & SettingBits.humidityControl, self.humidityControl),
        (
          "ctrl_meas", measurementControl & SettingBits.measurementControl,
          self.measurementControl
        ),
        ("config", configuration & SettingBits.configuration, self.configuration),
      ]
      for (name, found, expected) in registers where found != expected {
        throw .wasReset(
          "\(name) is \(found.hexadecimal), was set to \(expected.hexadecimal)")
      }
    }
  }
}
