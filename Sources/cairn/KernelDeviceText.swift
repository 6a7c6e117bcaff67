import Buses
import Drivers
import LinuxKernelDevices

/// The kernel's measuring devices, in the words of a board file.
enum KernelDeviceText {
  /// Every device with what can be read of it, and the keys to write.
  static func lines(
    devices: [LinuxKernelDevice.Listed], below root: String = "/sys"
  ) -> [String] {
    devices.flatMap { listed -> [String] in
      let place = listed.name.parent.map { "  (\($0))" } ?? ""
      let head = "\(listed.name.subsystem.rawValue)  \(listed.name.name)\(place)"
      let found = channels(of: listed, among: devices, below: root)
      return [head] + (found.isEmpty ? ["  nothing that a channel can be read from"] : found)
    }
  }

  /// What to write to read a chip that the kernel owns; empty where no device of the kernel has the
  /// name of its owner above it.
  static func remedy(owner: String, devices: [LinuxKernelDevice.Listed]) -> String {
    let own = devices.filter { $0.name.parent == owner }
    guard !own.isEmpty else { return "" }
    return "; read it with "
      + own.map { "'\(keys($0.name, among: devices))'" }
      .joined(separator: " or ")
  }

  /// The keys that name a device, with the device above it where several have the name.
  private static func keys(
    _ name: KernelDeviceName, among devices: [LinuxKernelDevice.Listed]
  ) -> String {
    let isShared =
      devices.count { $0.name.subsystem == name.subsystem && $0.name.name == name.name } > 1
    return "driver: \(name.subsystem.rawValue), device: \(isShared ? name.text : name.name)"
  }

  private static func channels(
    of listed: LinuxKernelDevice.Listed, among devices: [LinuxKernelDevice.Listed],
    below root: String
  ) -> [String] {
    guard let driver = DriverCatalogue.kernel.first(where: { isDriver($0, of: listed.name) })
    else { return [] }
    do throws(KernelDeviceFailure) {
      let device = try LinuxKernelDevice(opening: listed.name, below: root)
      let keys = keys(listed.name, among: devices)
      return driver.sources(among: try device.attributes()).map { source in
        let label = (try? device.attribute(source.labelAttribute)).map { "  '\($0)'" } ?? ""
        return "  \(keys), \(source.channel): \(source.stem)\(label)"
      }
    } catch {
      return ["  \(error)"]
    }
  }

  private static func isDriver(_ type: any KernelSensor.Type, of name: KernelDeviceName) -> Bool {
    guard case .kernel(let subsystem) = type.specification.attachment else { return false }
    return subsystem == name.subsystem
  }
}
