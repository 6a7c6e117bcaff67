import Buses
import Configuration
import Drivers

extension BoardReader {
  /// The device that a sensor's key `device` names; nil where it was wrong and has been reported.
  mutating func kernelDevice(
    _ values: OptionValues, _ subsystem: KernelSubsystem
  ) -> KernelDeviceName? {
    guard let text = values.text("device") else { return nil }
    let prefix = subsystem == .hwmon ? "hwmon" : "iio:device"
    let number = text.dropFirst(prefix.count)
    if text.hasPrefix(prefix), !number.isEmpty, number.allSatisfy(\.isNumber) {
      report(
        values.position(of: "device"),
        "'device' cannot be '\(text)', a number that may mean another device after the next start",
        remedy: "write the device's name, as 'cairn scan' lists it")
      return nil
    }
    guard let name = KernelDeviceName(subsystem, parsing: text) else {
      report(
        values.position(of: "device"), "'device' cannot be '\(text)'",
        remedy: "write a name as 'cairn scan' lists it, or NAME@PARENT as in 'bme280@1-0076'")
      return nil
    }
    return name
  }

  /// Reports a sensor that reads nothing, and one that would bring real values into a simulation.
  mutating func checkKernelSensor(
    _ values: OptionValues, _ specification: DriverSpecification, sensor: String,
    position: Position
  ) {
    let keys = specification.options
    if values.isComplete, !keys.contains(where: { values.isWritten($0.name) }),
      let first = keys.first
    {
      report(
        position, "'\(sensor)' (driver \(specification.name)) reads no channel",
        remedy: "write for example '\(first.name): \(first.kind.example)'")
    }
    if let bus = busNames.first(where: { busKinds[$0]?.device.isVirtual ?? false }) {
      report(
        position,
        "'\(sensor)' reads a real device of the kernel, but bus '\(bus)' is virtual, and simulated"
          + " data never stands beside real data",
        remedy: "make two board files")
    }
  }
}
