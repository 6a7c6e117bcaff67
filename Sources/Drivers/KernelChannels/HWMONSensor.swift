public import Buses
public import Configuration
import Quantities

/// A device of the kernel's hardware monitoring, of which each channel is one attribute.
///
/// For chips that a driver of the kernel owns already: processors (coretemp, k10temp, cpu_thermal),
/// disks (nvme, drivetemp), LM75, INA2xx, SHT3x and the like. Range, accuracy and conversion time
/// are those of the chip and of the kernel's driver.
///
/// A temperature whose attribute `_fault` is 1 is a fault, for then it should not be trusted. Where
/// a power has no instantaneous value (`_input`), its average over the chip's interval (`_average`)
/// is taken.
///
/// Sources: the kernel's Documentation/ABI/testing/sysfs-class-hwmon (names and units) and
/// Documentation/hwmon/sysfs-interface.rst, section Alarms (`_fault`).
public struct HWMONSensor: KernelSensor {
  /// Units from Documentation/ABI/testing/sysfs-class-hwmon, the entries named in the comments.
  static let table = KernelChannelTable(
    subsystem: .hwmon,
    channels: [
      // tempY_input: millidegree Celsius.
      KernelChannel(
        name: "temperature", type: "temp", unit: .celsius, kernelUnit: "a millidegree Celsius",
        denominator: 1000, example: "temp1"),
      // humidityY_input: milli-percent.
      KernelChannel(
        name: "humidity", type: "humidity", unit: .relativeHumidity,
        kernelUnit: "a thousandth of a percent", denominator: 1000, example: "humidity1"),
      // inY_input: millivolt, at the chip's pin for most drivers.
      KernelChannel(
        name: "voltage", type: "in", unit: .volt, kernelUnit: "a millivolt", denominator: 1000,
        example: "in0"),
      // currY_input: milliampere.
      KernelChannel(
        name: "current", type: "curr", unit: .ampere, kernelUnit: "a milliampere",
        denominator: 1000, example: "curr1"),
      // powerY_input, powerY_average: microWatt.
      KernelChannel(
        name: "power", type: "power", unit: .watt, kernelUnit: "a microwatt",
        denominator: 1_000_000, example: "power1"),
      // energyY_input: microJoule, cumulative.
      KernelChannel(
        name: "energy", type: "energy", unit: .joule, kernelUnit: "a microjoule",
        denominator: 1_000_000, example: "energy1"),
    ])

  /// What the driver is.
  public static let specification = table.specification(
    summary: "Chips that a hwmon driver of the Linux kernel owns: processors, supplies, boards",
    datasheet: "Linux kernel, Documentation/ABI/testing/sysfs-class-hwmon")

  private var reader: KernelReader

  /// A reader of the channels that are written.
  public init(options: OptionValues) throws(OptionConflict) {
    reader = try KernelReader(Self.table, options)
  }

  /// Always zero: the kernel's driver waits for the chip.
  public var conversionTime: Duration { .zero }

  /// Reads one attribute for each channel that is written.
  public mutating func fetch<Device: KernelDevice & ~Copyable>(
    from device: inout Device
  ) throws(DriverFailure) -> [[UInt8]] {
    try reader.fetch(from: &device)
  }

  /// What the bytes mean: the kernel's value in the channel's unit, exactly.
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
    of stem: String, _ channel: KernelChannel, on device: inout Device
  ) throws(KernelDeviceFailure) -> KernelOutcome {
    if channel.type == "temp", try device.attributeIfPresent("\(stem)_fault") == "1" {
      return .fault(.faultFlag)
    }
    let text: String
    if channel.type == "power", let input = try device.attributeIfPresent("\(stem)_input") {
      text = input
    } else {
      text = try device.attribute(stem + (channel.type == "power" ? "_average" : "_input"))
    }
    return DecimalNumber.nano(of: text).map { .value($0) } ?? .fault(.notANumber)
  }
}
