import Buses
import Configuration
import Quantities

extension DPS310 {
  /// What the driver is; the defaults are the data sheet's standard precision (section 4.4).
  public static let specification = DriverSpecification(
    name: "dps310", revision: 1,
    summary: "Infineon DPS310, DPS368: temperature and air pressure",
    datasheet: "Infineon DPS310 version 1.2",
    attachment: .i2c(addresses: [0x77, 0x76].compactMap { I2CAddress($0) }),
    options: [
      OptionSpecification(
        "temperature-oversampling", .choice(Sampling.samples), .standard("1"),
        help: "Samples averaged into one temperature; each takes 1.6 ms"),
      OptionSpecification(
        "pressure-oversampling", .choice(Sampling.samples), .standard("16"),
        help: "Samples averaged into one pressure; each takes 1.6 ms"),
    ],
    channels: [
      ChannelSpecification(
        "temperature", .celsius, resolution: 10_000_000,
        range: -40_000_000_000...85_000_000_000,
        help: "Temperature of the chip, a little above that of the air"),
      ChannelSpecification(
        "pressure", .pascal, resolution: 60_000_000,
        range: 30_000_000_000_000...120_000_000_000_000,
        help: "Air pressure at the place of the chip, not reduced to sea level"),
    ],
    rawLayout: [RawString("registers 0x00 to 0x05: pressure, temperature", bytes: 6)],
    stimuli: [])

  /// The sampling options as the registers want them.
  struct Sampling: Hashable, Sendable {
    /// Numbers of samples, by code (sections 8.3 and 8.4).
    static let samples = ["1", "2", "4", "8", "16", "32", "64", "128"]
    /// What a count is divided by, by the same code (section 4.9.3).
    private static let scales: [Double] = [
      524_288, 1_572_864, 3_670_016, 7_864_320, 253_952, 516_096, 1_040_384, 2_088_960,
    ]

    /// PRS_CFG.
    let pressure: UInt8
    /// TMP_CFG without its element.
    let temperature: UInt8
    /// CFG_REG: results of more than eight samples must be shifted (section 8.6).
    let shifts: UInt8
    let pressureScale: Double
    let temperatureScale: Double
    /// The longest time of a measurement.
    let conversionTime: Duration

    init(_ options: OptionValues) throws(OptionConflict) {
      let warmth = try options.code("temperature-oversampling", among: Self.samples)
      let load = try options.code("pressure-oversampling", among: Self.samples)
      // 2 ms + 1.6 ms a sample for each (section 4.4; the library, `calcBusyTime`), in microseconds.
      let busy = 2 * 2000 + 1600 * (1 << warmth + 1 << load)
      // The fastest rate at which both fit into a second, less 10 ms as in the maker's library.
      let rate = (0...7).last { busy << $0 < 990_000 } ?? 0
      pressure = UInt8(rate << 4 | load)
      temperature = UInt8(rate << 4 | warmth)
      shifts = (warmth > 3 ? 0x08 : 0) | (load > 3 ? 0x04 : 0)
      pressureScale = Self.scales[load]
      temperatureScale = Self.scales[warmth]
      // The chip may wait for an interval first; the times are typical, so 10 ms are added as in
      // the maker's library.
      conversionTime = .microseconds(busy + 1_000_000 >> rate + 10_000)
    }
  }
}
