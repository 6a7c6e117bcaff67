public import Buses
public import Configuration
import Quantities

/// A device of the kernel's industrial I/O, of which each channel is a value or a scaled number.
///
/// For sensors and converters that a driver of the kernel owns already: BME280, DHT11 and DHT22,
/// SCD30, BH1750, converters of the system on chip and the like. Range, accuracy and conversion time
/// are those of the chip and of the kernel's driver.
///
/// A channel is `in_<stem>_input`, or else (`in_<stem>_raw` + offset) x scale. An offset or scale
/// that the channel does not have of its own is the one of its type (`in_voltage_scale`), of all
/// inputs (`in_scale`) or of the device (`scale`); without any, they are 0 and 1, as the kernel's
/// own consumers have it.
///
/// Sources: the kernel's Documentation/ABI/testing/sysfs-bus-iio (names, units, formula) and
/// drivers/iio/industrialio-core.c, __iio_device_attr_init (shared names).
public struct IIOSensor: KernelSensor {
  /// Units from Documentation/ABI/testing/sysfs-bus-iio, the entries named in the comments.
  static let table = KernelChannelTable(
    subsystem: .iio,
    channels: [
      // in_temp_raw: milli degrees Celsius.
      KernelChannel(
        name: "temperature", type: "temp", unit: .celsius, kernelUnit: "a millidegree Celsius",
        denominator: 1000, example: "temp"),
      // in_humidityrelative_raw: milli percent.
      KernelChannel(
        name: "humidity", type: "humidityrelative", unit: .relativeHumidity,
        kernelUnit: "a thousandth of a percent", denominator: 1000, example: "humidityrelative"),
      // in_pressure_raw: kilopascal.
      KernelChannel(
        name: "pressure", type: "pressure", unit: .pascal, kernelUnit: "a kilopascal",
        numerator: 1000, example: "pressure"),
      // in_illuminance_raw: lux.
      KernelChannel(
        name: "illuminance", type: "illuminance", unit: .lux, kernelUnit: "a lux",
        example: "illuminance"),
      // in_concentration_co2_raw: percent, of which 0.0001 is a part per million.
      KernelChannel(
        name: "co2", type: "concentration", modifiers: ["co2"], unit: .partsPerMillion,
        kernelUnit: "a percent", numerator: 10_000, example: "concentration_co2"),
      // in_voltageY_raw: millivolts.
      KernelChannel(
        name: "voltage", type: "voltage", unit: .volt, kernelUnit: "a millivolt",
        denominator: 1000, example: "voltage0"),
      // in_currentY_raw: milliamps.
      KernelChannel(
        name: "current", type: "current", unit: .ampere, kernelUnit: "a milliampere",
        denominator: 1000, example: "current0"),
      // in_powerY_raw: milliwatts; reactive and apparent powers have other units.
      KernelChannel(
        name: "power", type: "power", modifiers: ["active"], unit: .watt,
        kernelUnit: "a milliwatt", denominator: 1000, example: "power0"),
      // in_energy_raw: Joules.
      KernelChannel(
        name: "energy", type: "energy", modifiers: ["active"], unit: .joule,
        kernelUnit: "a joule", example: "energy"),
      // in_resistance_raw: ohms.
      KernelChannel(
        name: "resistance", type: "resistance", unit: .ohm, kernelUnit: "an ohm",
        example: "resistance"),
    ])

  /// What the driver is.
  public static let specification = table.specification(
    summary: "Chips that an IIO driver of the Linux kernel owns: sensors and converters",
    datasheet: "Linux kernel, Documentation/ABI/testing/sysfs-bus-iio")

  private var reader: KernelReader

  /// A reader of the channels that are written.
  public init(options: OptionValues) throws(OptionConflict) {
    reader = try KernelReader(Self.table, options)
  }

  /// Always zero: the kernel's driver waits for the chip.
  public var conversionTime: Duration { .zero }

  /// Reads the value, or number, offset and scale, of each channel that is written.
  public mutating func fetch<Device: KernelDevice & ~Copyable>(
    from device: inout Device
  ) throws(DriverFailure) -> [[UInt8]] {
    try reader.fetch(from: &device)
  }

  /// What the bytes mean: (value + offset) x scale in the channel's unit, rounded to billionths.
  ///
  /// Throws `malformed` where the number of bytes or a status is wrong.
  public func decode(_ raw: [[UInt8]]) throws(DriverFailure) -> Measurement {
    try Self.table.decode(raw)
  }

  /// What can be read of a device with these attributes.
  public static func sources(among attributes: [String]) -> [KernelSource] {
    table.sources(among: attributes)
  }

  /// What a device says of one channel.
  static func outcome<Device: KernelDevice & ~Copyable>(
    of stem: String, on device: inout Device
  ) throws(KernelDeviceFailure) -> KernelOutcome {
    if let text = try device.attributeIfPresent("in_\(stem)_input") {
      return DecimalNumber.nano(of: text).map { .value($0) } ?? .fault(.notANumber)
    }
    let text = try device.attribute("in_\(stem)_raw")
    let offsetText = try shared("offset", of: stem, on: &device)
    let scaleText = try shared("scale", of: stem, on: &device)
    guard let value = DecimalNumber.nano(of: text),
      let offset = DecimalNumber.nano(of: offsetText ?? "0"),
      let scale = DecimalNumber.nano(of: scaleText ?? "1")
    else { return .fault(.notANumber) }
    return .value(value, offset: offset, scale: scale)
  }

  /// An attribute of a channel, or the one that it shares with others.
  private static func shared<Device: KernelDevice & ~Copyable>(
    _ item: String, of stem: String, on device: inout Device
  ) throws(KernelDeviceFailure) -> String? {
    let type = stem.prefix { $0.isLetter }
    let types = stem.contains("-") ? "\(type)-\(type)" : "\(type)"
    for name in ["in_\(stem)_\(item)", "in_\(types)_\(item)", "in_\(item)", item] {
      if let text = try device.attributeIfPresent(name) { return text }
    }
    return nil
  }
}
