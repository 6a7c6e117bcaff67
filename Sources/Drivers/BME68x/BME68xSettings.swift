import Buses
import Configuration
import Quantities

/// The sampling and heater options as the registers want them.
struct BME68xSettings: Hashable, Sendable {
  /// The numbers of samples, in the order of their codes from 1 (section 5.3.2).
  private static let samples = ["1", "2", "4", "8", "16"]
  /// The filter's coefficients, in the order of their codes from 0 (section 5.3.2).
  private static let filters = ["off", "1", "3", "7", "15", "31", "63", "127"]

  /// ctrl_meas in sleep mode (section 5.3.1).
  let measurementControl: UInt8
  /// The heater's target.
  let heaterCelsius: Int
  /// gas_wait_0 (section 5.3.3).
  let heaterDuration: UInt8
  /// The longest time of a measurement.
  let conversionTime: Duration
  private let humidityControl: UInt8
  private let configuration: UInt8
  private let gasControl: UInt8

  init(_ options: OptionValues, _ gas: BME68xGas) throws(OptionConflict) {
    let temperature = UInt8(try options.code("temperature-oversampling", among: Self.samples)) + 1
    let humidity = UInt8(try options.code("humidity-oversampling", among: Self.samples)) + 1
    let pressure = UInt8(try options.code("pressure-oversampling", among: Self.samples)) + 1
    measurementControl = temperature << 5 | pressure << 2
    humidityControl = humidity
    configuration = UInt8(try options.code("filter", among: Self.filters)) << 2
    // Profile 0.
    gasControl = gas.run
    heaterCelsius = options.integer("heater-temperature-celsius") ?? 320
    let milliseconds = Int(try options.requiredNano("heater-duration") / 1_000_000)
    heaterDuration = Self.durationCode(milliseconds)
    // By the maker's library (`bme68x_get_meas_dur`), in microseconds: 1963 a sample, 477 for each
    // of nine steps, 1000 to wake up. These are typical; the longest are taken to be 15 % more, as
    // the BME280's are.
    let count = [temperature, humidity, pressure].reduce(0) { $0 + 1 << Int($1 - 1) }
    let typical = 1963 * count + 9 * 477 + 1000 + 1000 * milliseconds
    conversionTime = .microseconds(typical * 23 / 20)
  }

  /// The control registers in the order in which they are written.
  var registers: [(UInt8, UInt8)] {
    [
      // ctrl_gas_0: the heater may be on.
      (0x70, 0x00), (0x71, gasControl), (0x72, humidityControl), (0x75, configuration),
      (BME68xRegister.measurementControl, measurementControl),
    ]
  }

  /// Throws `wasReset` where registers 0x70 to 0x75 do not hold these settings any more.
  func check(_ control: [UInt8]) throws(DriverFailure) {
    let registers = [
      ("ctrl_gas_1", control[1] & 0x3F, gasControl),
      ("ctrl_hum", control[2] & 0x07, humidityControl),
      ("ctrl_meas", control[4] & 0xFC, measurementControl),
      ("config", control[5] & 0x1C, configuration),
    ]
    for (name, found, expected) in registers where found != expected {
      throw .wasReset("\(name) is \(found.hexadecimal), was set to \(expected.hexadecimal)")
    }
    guard control[4] & 0x03 == 0 else { throw .notReady }
  }

  /// Milliseconds as six bits and a power of four, rounded down to what these can say.
  private static func durationCode(_ milliseconds: Int) -> UInt8 {
    let power = (0...3).first { milliseconds >> (2 * $0) <= 0x3F } ?? 3
    return UInt8(power << 6 | min(milliseconds >> (2 * power), 0x3F))
  }

  /// What the driver of one of the chips is.
  static func specification(
    _ name: String, _ chip: String, datasheet: String, last: String, _ gas: BME68xGas
  ) -> DriverSpecification {
    func oversampling(_ quantity: String, _ standard: String) -> OptionSpecification {
      OptionSpecification(
        "\(quantity)-oversampling", .choice(samples), .standard(standard),
        help: "Samples averaged into one \(quantity); each takes up to 2.3 ms")
    }
    return DriverSpecification(
      name: name, revision: 1,
      summary: "Bosch \(chip): temperature, relative humidity, air pressure and gas",
      datasheet: datasheet,
      attachment: .i2c(addresses: [0x76, 0x77].compactMap { I2CAddress($0) }),
      options: [
        oversampling("temperature", "8"), oversampling("humidity", "2"),
        oversampling("pressure", "4"),
        OptionSpecification(
          "filter", .choice(filters), .standard("off"),
          help: "Coefficient of the chip's low-pass over temperatures and pressures"),
        OptionSpecification(
          "heater-temperature-celsius", .integer(200...400), .standard("320"),
          help: "Temperature of the gas sensor's layer in degrees Celsius"),
        OptionSpecification(
          "heater-duration", .quantity(.duration, 1_000_000...4_032_000_000), .standard("150 ms"),
          help: "How long the layer is heated; in steps of 1, 4, 16 or 64 ms, longer times coarser"),
      ],
      channels: [
        ChannelSpecification(
          "temperature", .celsius, resolution: 10_000_000,
          range: -40_000_000_000...85_000_000_000,
          help: "Temperature of the chip, which its own heater warms"),
        ChannelSpecification(
          "humidity", .relativeHumidity, resolution: 8_000_000, range: 0...100_000_000_000,
          help: "Relative humidity of the air"),
        ChannelSpecification(
          "pressure", .pascal, resolution: 180_000_000,
          range: 30_000_000_000_000...110_000_000_000_000,
          help: "Air pressure at the place of the chip, not reduced to sea level"),
        ChannelSpecification(
          "gas-resistance", .ohm, resolution: 0,
          help: "Resistance of the heated layer, which falls with most gases of indoor air"),
      ],
      rawLayout: [
        RawString(
          "registers 0x1D to \(last): status, index, pressure, temperature, humidity, gas",
          bytes: gas.fieldCount)
      ],
      stimuli: [])
  }
}
